import { assertEquals } from "@std/assert";
import { loadRecording, type Recording } from "@pagetable-init/textbook/recording";
import { neverMapped } from "./exercise.ts";

const hex = (pages: readonly number[]) => pages.map((pfn) => `0x${pfn.toString(16)}`);
const row = (first: number, last: number) =>
  hex(Array.from({ length: last - first + 1 }, (_, at) => first + at));

const HEADER = {
  kind: "page-table writes of a real kernel",
  kernel: "a small one",
  memory_mb: 16,
  roots: ["0x1000"],
};
const TWO_LEVEL = {
  ...HEADER,
  mode: "two-level",
  tables: { "0x1": 2, "0x2": 1, "0x3": 1, "0x4": 1, "0x400": 1 },
};
const PAE = { ...HEADER, mode: "pae", tables: { "0x1": 3, "0x2": 2, "0x200": 1 } };

/** A recording of a few writes to frame 1, the root, and its tables. */
async function writtenIn(header: object, writes: readonly object[]): Promise<Recording> {
  const numbered = writes.map((write, at) => ({ n: at + 1, who: "kernel", ...write }));
  const lines = [header, ...numbered].map((line) => JSON.stringify(line)).join("\n");
  return await loadRecording(new TextEncoder().encode(lines));
}

const written = (...writes: readonly object[]) => writtenIn(TWO_LEVEL, writes);

async function recorded(packed: string): Promise<Recording> {
  return await loadRecording(Uint8Array.from(atob(packed), (it) => it.charCodeAt(0)));
}

Deno.test("a page that is mapped and then linked is no offence", async () => {
  const recording = await written(
    { frame: 1, index: 768, value: "0x2063" },
    { frame: 2, index: 3, value: "0x3063" },
    { frame: 1, index: 769, value: "0x3063" },
  );
  assertEquals(
    hex(neverMapped(recording)),
    ["0x2"],
    "Page 0x2 is linked first and mapped never; page 0x3 had a leaf before",
  );
});

Deno.test("to be mapped later does not help", async () => {
  const recording = await written(
    { frame: 1, index: 768, value: "0x2063" },
    { frame: 1, index: 769, value: "0x3063" },
    { frame: 2, index: 3, value: "0x3063" },
  );
  const why =
    "Page 0x3 was a table before it had a leaf: the order of the writes matters";
  assertEquals(hex(neverMapped(recording)), ["0x2", "0x3"], why);
});

Deno.test("a large page maps all its pages", async () => {
  const recording = await written(
    { frame: 1, index: 768, value: "0x1e3" },
    { frame: 1, index: 769, value: "0x3063" },
  );
  const why = "A large page from page 0 on maps 1,024 pages, page 0x3 among them";
  assertEquals(hex(neverMapped(recording)), [], why);
  const next = await written(
    { frame: 1, index: 768, value: "0x1e3" },
    { frame: 1, index: 769, value: "0x400063" },
  );
  const end = "A large page from page 0 on ends with page 0x3ff: 0x400 is not in it";
  assertEquals(hex(neverMapped(next)), ["0x400"], end);
});

Deno.test("with PAE a large page has half as many pages", async () => {
  const recording = await writtenIn(PAE, [
    { frame: 1, index: 3, value: "0x2001" },
    { frame: 2, index: 0, value: "0x1e3" },
    { frame: 2, index: 1, value: "0x200063" },
  ]);
  const why =
    "With PAE a large page from page 0 on ends with page 0x1ff: pagesOf says it";
  assertEquals(hex(neverMapped(recording)), ["0x2", "0x200"], why);
});

Deno.test("pages are named in the order in which they became tables", async () => {
  const recording = await written(
    { frame: 1, index: 768, value: "0x4063" },
    { frame: 1, index: 769, value: "0x2063" },
  );
  const why = "Page 0x4 became a table first, then page 0x2: do not sort by number";
  assertEquals(hex(neverMapped(recording)), ["0x4", "0x2"], why);
});

Deno.test("an entry without P leads nowhere", async () => {
  const recording = await written(
    { frame: 1, index: 768, value: "0x2063" },
    { frame: 2, index: 3, value: "0x3062" },
    { frame: 1, index: 769, value: "0x4062" },
    { frame: 1, index: 770, value: "0x3063" },
  );
  const why = "Without P no page is mapped and no table linked, whatever else is there";
  assertEquals(hex(neverMapped(recording)), ["0x2", "0x3"], why);
});

Deno.test("a table that is linked twice is named once", async () => {
  const recording = await written(
    { frame: 1, index: 0, value: "0x2067" },
    { frame: 1, index: 768, value: "0x2067" },
  );
  const why = "head.S links a table at two addresses: a page becomes a table once";
  assertEquals(hex(neverMapped(recording)), ["0x2"], why);
});

Deno.test("what was mapped once was mapped before, though it is no more", async () => {
  const recording = await written(
    { frame: 1, index: 768, value: "0x2063" },
    { frame: 2, index: 3, value: "0x3063" },
    { frame: 2, index: 3, value: "0x0" },
    { frame: 1, index: 769, value: "0x3063" },
  );
  const why = "Page 0x3 had a leaf once: the question is whether it was mapped before";
  assertEquals(hex(neverMapped(recording)), ["0x2"], why);
});

Deno.test("a read-only leaf maps its page too", async () => {
  const recording = await written(
    { frame: 1, index: 768, value: "0x2063" },
    { frame: 2, index: 3, value: "0x3061" },
    { frame: 1, index: 769, value: "0x3063" },
  );
  const why = "The leaf of page 0x3 lacks RW and has P: the page was mapped";
  assertEquals(hex(neverMapped(recording)), ["0x2"], why);
});

// Recordings of three kernels in QEMU, as in tests/fixtures/boots, packed.
const LINUX_2_6_20 =
  "H4sICAAAAAAC/zIuNi4yMC00ODYtbm9wc2UtNjRNLmpzb25sAK1ay27rNhDd9ysEdxsHfD+yK4q7vKvb" +
  "XVEItEwlRmTJkOQ8Gtx/Lyklssg4snk7K4+G1vBoDsk5pPS2etzV29VdtjqYe7vuzaay2XO7622XNWVm" +
  "staaKnu0bW2r1U22erfc/8mtuCUo+51k35s6++N4n6mM0DuO7xDJ/vz246+MIIz9PbXZ29Mda6bEum4O" +
  "nV0L9t23F4ejb3b+m7Vze9fe7pv2Nd9vXINg3tFshxj9c7Ou7NMIpmiR96EXhRBHiG5GJx2dxJQIodHF" +
  "RtdwZUvbzi7bpuk7d/336ZZ/nHvIhPe/OT92v/hmCDpZdLLYZPHJEpMlJ0tNlp4sM1mbySomaztZdrLK" +
  "ycLoBMt4NxntYgD0011Upuvzrm9af7uSgkrlvN3rftNU47Pltrcv/ZiOAhFacER9Vtxo2NX3+a7enRr1" +
  "hmv03miH/MTtTKHTIMkPD6/drjBVvjeHw5lo1D2AR+nd38ZBOGftcP/Ornsg7/r529uq9k+JBRXU/eH5" +
  "ofF/eLBme/tjuKMYb8Du70R4T7WrrWnjyGU7jkih5ND91r64K+TsJ1Md7WxwFM2x9pAxIn4Udr09fLRO" +
  "cKgiWF6CI/n/hDMkQYa9qou9yjO9Fku9SqEu96sv9as+P+3I4axfidTXTysXk4+D4UA1YewSIkOGqf9k" +
  "h4huOXnK/ELhEez3ASFBXH4x7vZMXHSKWx+rahZRqtnAPa2qHxEL5GJinhJTCIJ5HPOLqRf05KcrRTFP" +
  "zp/GlKAJVAlF0Qxsnpuqaop845Zgt+LnhV+oIpBbIdlnkAjhCCQGmMlCUzIb201tc7/U5bO1Lk4hEedS" +
  "6CcZW5pkOkSIkZABDIohKU3Klmc/iVSJGcEwpJIIJgEgVbrVgUORqhZIlfGKHZDqYUhYUhOypZJJZZxK" +
  "GFJpBJNCkMq5wFCkFkuk4hAhDUl1MCgsqQnZKpJJlYJTGFLjGsEgSFVCSiBS8ZLGkSRe8gJSHQwNS2pC" +
  "tjxjaawqNNYTAFZ5hJMDsKqw1BSK1aWiKmmIkAesehgcltWEbOHkqqqoUkBSScT7DAhWmUZQUgkvVlUW" +
  "6c2QVaYxsFRKyBZOLqtKOi0Gw6qMVToEqwoRKK2EF8sqj/Z7IasOBrBWSsgWTq6rGmEMJJZUhFMBsOqm" +
  "CIMSS2SxropYdc5Z9TCAxVJCtkhyXXWbQQqklnSEU0OwygiHUktksa7KEKEOWXUwgNVSQrZIcl3VgjIg" +
  "tWTiTTWCoFVSCSWXyGJhjQ76TEirgwEsl1LSRZIrq9ZMAOmlTQwU4GzJbeuYghJMZLG0RmdLmzmvHoYG" +
  "Fkwp6SKptZU6QaKAFFMRAyUQvFKBoCQTXSqu6tPuP+DVwQCWTCnpoiiZVy40kGbaxkApBK9CEijRRJfK" +
  "q4pOmLYhrw4GsGhKSRdlybwqhYFUk42BMghetaJQsoku1VcVHTLZkFcHA1g2paSLptZXirEmQLopfu+J" +
  "AY6ZKCaaQ+kmulRfVXTMVAa8ehjAuiklXTS5vmKBkALhdTi5DIAKCF4logSG17Jc4NVhoJ9OYgNmHZAZ" +
  "s/MPJGIAXJvUt81DeHFl+IIuh5+/IBZOx+sZwfuXomvz0pr+2Fo3HrvHM51gJEpVXP8WWkmO2Qx9Z/v8" +
  "0DumyjoObMi2ODt4ys3Xg8dRER0D+vQRvpoBYIxcCcAqAABo3rcY9jLvff9rDnnVPH/M9S4GoEtzfnz+" +
  "8tcp40cb56bP9M3P1di26pqx9R9K+eBmNyYAAA==";
const LINUX_3_2 =
  "H4sICAAAAAAC/zMuMi42NS00ODYtcGVudGl1bTMtbm9wc2UtMTI4TS5qc29ubADNXcuS4yoS3c9XVNS6" +
  "qwNInnc921nNcmLCIcvotuP6FS5XP6Lj/vskcnUXEjblFKg8vWpkCQ55gDwkj/r5+Nd6t3r84+Hx0Pzp" +
  "n07NcuMfvh3XJ//8sO8emoejbzYPf/njzm8ePz08vv4P34fP4jN7kk/S6od/+uW62T2ER1o98fDirtn6" +
  "X6/hM3zr6eB3p/XLFp52+8Ozf+LC/iu82R5e+vJff/30hD+G51u/3R9/LLZL/BXfDU/2qz7P07f908Z/" +
  "PSNqjyw8Y98tY4oxWJ4fwvkhl1Iyxs7P5PmZtn3ad/54ftAnj/v96RnT/zl/xV+/esviv5hab9FK4aWQ" +
  "6I0VPvn5+gn+V/z6RATUv7+Pf1HRL0sfJ7oo0bI4weNEnHULbwmzauPEKk74OBGVYzyLEzxOiDgRl+Nl" +
  "nFBxQscJEydsnHBxookTyzgR18fH9fFxfXxcny6uTxfXp4vr08X16eL6dG/1MV3XZ/03pjbN82nxfNof" +
  "Q8mSS2eMw8fPP7bL/ebcCBb+5L+fzk2qxRbbOKzAp75nrXd/Lta79e8fYdVK1r51qMXhy4/nddtsFtvm" +
  "cEjfXnZs9Rhg+HNnRaBq5UOr/PsfPx93oXlxwyTDN7592Yc3vvhm9fnfffHt6xf4OoNVeLRZ73xz/N1D" +
  "frX17njutIpbFRr7buW/YzLk+rXZvPiot7T7l13Ax5mQwQwnf/j16xsiy7SchkikiHQFRIJxLqYhkiki" +
  "WwMR56CnIVIpIleOCKRWxryLyLTF7SiMfkybYcn2/ZL9pZLbbMlG2xvKdu+WbS/UeunHtQbOrtcasjzw" +
  "uEuDNJrBZCpkxiA8MUc3NAeWLCdTIbNUuBvKVtOo6FIq+HUqZN+1KHxYLdxkPmzGKmJsE2zPA5tYDWwy" +
  "H7mSjWE3lM0n8dGylA9xnQ9L5sNppSbz0WasAolN+NAmWLKezEeb5YPfULaZxgdP+YDrfLRUPhTTlk/l" +
  "g+cGcJnYRAxsEkoWU/nIlmyMuKFsmMaHSPmQGYfJyISgKJzsy3luGFeJUWBoFCx5si/PlmwM3FD2NF+O" +
  "GSWEZBUMmRBh4P0Ra6kvmaXrcuMGFpzYRY4aKhaeH7SgWzas15o4u+7rg3Purw9hNt1PfrdDqTfI2byb" +
  "M7cXcmZvOe9eNpu3LEGYyFLrZ7A6zrHts2wNIUvNeDxoP/vTy2HRHNsvo3xXbGnMmIE2zAHa7BzgqsqM" +
  "2ofONA7Ep0UZPm5z+IzMzAmEdNemBKgFOS8ClrZdS2u7AUI0yO6a0/qrX/SBqsVr83wDgjxzz/LNeNQy" +
  "JLdJ7t3m5fnL4rRZLv7c7JfNJikEnLpQiMwU4qYUYkmFWBe1cWRh82Ox3h/9tjmcYwojylqnm0uUzTS7" +
  "1NyJlEdsUYvDdpXUXSxXtZqTGjQn44TQl2Gc/AUYl03UWJsxkR53N5yd6KGzyI0GjjntiiEusxANjEas" +
  "TgWIbxikdewahkVzSmG0sgaMNzNIZjiDGhCIZLEMUW/wtFGDyepoXGLpuLRit3uskHscrxrlLi+Mev72" +
  "saLPXV0fkNKRyCxvH1O10aDknLlrO5/dNRg+n91RLKkPH3zUaPAR18ceRCjv3+nElT5nrRvETOuygwOe" +
  "Y7aQnfligo6xS5Unwps3ToYWBC0LMc4cO3I4e3KiFOO88RQnjBWsFOPMMQYHhsnS/jL3vNtJLWIx1Ww2" +
  "+3ax2X9bhFXvsSRetl6lIM2qHYHUnFVYAnLSCOeKJTFx6tdXJ1LEiOLcLgpopFqIkzut0ioOn0yjcZWC" +
  "rDCzcQrllKpAY5ulUSU0rgY0IgrLSmmkWYiTxzWtLeOlNPoEZM7F3kyjNhZ4OY0iGygyOqFxsBwZUEhd" +
  "SiPNQoI88huDmEtp7FKQvAKNxjJnKtAoszSahMbBUiai4FyU0kizkCD7RmsAoJBGz1KQogKN1oKGCjTm" +
  "feM4bBuqE9OIKEyhxKFaSJB9ozPKlUocz1OQUIFGN1w4n0xj3je6hMbBwmlAIUslDtFCguobMWGsLtU4" +
  "XqQoZTmPYRODdRVEDmS9o2UJkYPFgADD8VKVQ7QRMDKT3HIolTkeUpSqBpPccV1B50DWQVqeMAlDJhGG" +
  "KRU6RBuBJDMpLLhSpeNlilLXYFI4KSpIHcj6SCsSJuWQSYQhS7UO0UZgyUyC1bpY7KgUpanBJDjtKqgd" +
  "yLpJCwmTasgktnVWLHdoNgK6n5TWiWK9o1OUtgaT0jlVQfDIvJ9MYjpYnwGTCMMUKx6ajSTdTyrHXbHi" +
  "MSlKV4NJzYSooHhk3k8mYR1vhkwiDFmseGg2knQ/qZ3UxYrHJigFq8Gkwe5QQfHIvJ9MIjtYnwGThuFw" +
  "W8okzUaS7ieNM6JY8bgUJa/BpGVGVVA8Mu8nk+AO1mfAJMIwxYqHZiNJ95PWOVeseJoUpajBpHvdq1PI" +
  "pMr7yTS+0wyZdEEYljJJs5Ei+0lMCVWseJYpygoRHgTHha2geFTeT6YhnuWAScwbWLHiodlIkf0kwlSi" +
  "WPGki22iRowH/ylVQfGorJ90aYynHTKJMEyx4qHZSJH9JLpd44oVT7reJmrEeNCTWFFB8aisn3RpjGc1" +
  "ZBJhQLHiodlIkf0kB+yUxYonXXITNWI8HASzFRSPzvpJl8Z4/JBJEIiylEmajTTdT0rEWax40lU3USPG" +
  "w6UAVUHx6KyfdGmMpxsyiTB0seKh2UjT/aTiypYqni5deBM1YjxoFc0rKB6d95NJjKdjQyYRBpQqHqKN" +
  "NN1Pam5VqeLp0rU3USPGw7WwtoLi0Xk/mcR4Oj5kUgucDJYySbORpvtJI7goVTxduvYGNWI83ACOGeVM" +
  "mryfTGI83XB9MsDQpYqHaCND95NWgC1VPF269gY1YjwoGSWvoHhM3k8mMZ5uuD4ZYECp4iHayND9pBNa" +
  "lSqeLl17gxoxHu5gcD56MpN5P5nEeLrh+mSA4UoVD9FGhuwnBROOFyuedO0NasR4BAMnKygek/eTSYyn" +
  "G65PBhi6WPHQbGTIflJw0AAznyk9lyJnPlTal6L0x56J4ZpkbZwf3+FYDBWkZVx/+LkYIkhQ3OkPPxhD" +
  "BInTV6M//mQMFaVTxd1mwtEYIkqlTXF4bsLJDyJKDY7rjz/YQERpMMM77NunorSieNPdhG3pRJRWSaU/" +
  "ftc1ESVK7/LgNn1TMRWls8W9Z8KGWRpKnHo5d4fNoESUXFbYskrf6EhEiZqtvPfQN/FRUVpV3nvoG9SI" +
  "KEGZ8t5D33xFRCmFdXfYWEREiU2qvPfQN81QURpR3nvoG0KIKLWU5b2HvtmBiBL7TnnvoS/kU1Fa4+6w" +
  "SE1EaZUr7z30BVgiSge8vPfQFxdpKPEDKO49ExbOqCiNKu49ExaFiCi51O4OCx5ElILb4t4zIZhPRelY" +
  "ce+ZEKgmogQtynsPPQhLRCnBGjXXtYF99hduW6gc4+1L4XPHeKU0PN5rsVic1x5e/wpHuz/6RX+b4GgR" +
  "wksO6d1P4S8njLgFYfR7O2iWP079H9QItd13Hbam1xd/8S3P4ZWLyxNSDff9TL5b0ObvFhztkuqrGq9P" +
  "BBxSzd4qQil65lYhLGc6Pndy/epPrht1yZ5Tb+a/7c7UM0BdBpDn70e/cnNOfFPZewiNKENocya0LLeg" +
  "J8S1e9QCMutkEbK0syhSZzljUIUYyPciqxEGkdEFM15358fuDESuIYFloO59Kx9cb06SZa6QmhFfp/jN" +
  "Vxv2KJX+f73bMMCT17fYzm7ECIcwsgqZnW8zOMINACMgYX7KzTLGAspCHSw2j2V8HW6IO4ywKGDuLs0n" +
  "wpDT3h9qD8Apmr22M33e9trF7TXgcJzflRfEwO2FQ7qVLibts79wxKpm9k7OdaUuhCMMhs2Vff8H2Vgl" +
  "5yOz/KdqAgds9ThAYu6BJLTE/wE2ccxFz3EAAA==";
const LINUX_3_16 =
  "H4sICAAAAAAC/zMuMTYuNy01ODYtcGVudGl1bTMtbm9wc2UtMTI4TS5qc29ubADNXU1z6yoS3c+vSGX9" +
  "8oqG5uutZzurWU5NuWQZv5u6jp1ynPtRr95/H5CSG2Rk5BY4ml1QZDjq04cW0KC/7r8+7jf3f9zdPzd/" +
  "uodTs965u+/Hx5N7uTts75q7o2t2d1/dce9297/d3b/95e8Xv4P6nT3ggzTq7p9u/djs77pr+qH9egJ4" +
  "gHD/vnlyv+7W4d6HZ7c/Pb4+iYf94fnFPQA3/wp3ts+vHYy3//724P8Zrj+5p8Px5+pp7f/r7w1XDpuu" +
  "ztP3w8POfeuBtUcWrrEfhjHJmFj3F0V/EVTjGGP9NeyvKdOV3dYd+wtd8Xg4nF58+T/9r9Zvv/qo4r++" +
  "9PjkjRVuCoXOZuEnf739xP/J33/SBtS/fh/9Zw0f/9HA44KICxgXZFxQcUHHBRMXmriw/lXQW2figo0L" +
  "TVwY/KaNC5u44OLCNipsWVyAuMDjgogLGBdkXFBxQceF+Hm28fNs4+fZxs+zjZ9nGz/PNn6ebfc8f/vS" +
  "rnk5rV5Oh2P4twDDFTJ/+eXn0/qw651g5U7ux6l3qRaQKy07F/ICe9z/uXrcP/76pwK0HD50tXr+8vPl" +
  "sW12q6fm+XnkbuTr+wDD9Zr1nBphglf+/Y+/7vfBvUAzof0d378cwh1fXLP5/d9d8+3bL/ztTGzCpd3j" +
  "3jXHXwp59/XtsRetNEwEZ99v3A9fDM/5rdm9ukgt7eF1H/AB4xjMcHLP7//9QGSYgnmI2hQRVkDEGTA7" +
  "D5FLEakaiLwrzbPRGlJEthyR4AhaTCIyUOxHofdjSgxbxumWxVjLbbZlrcwVbcvJtm361KGis7ZtzjNE" +
  "lgeIJS24BGtnU4EZg0BiDjE0h/RPNZsKzFJhr2gb5lEhUir0ZSqwkxaFD8W5nM2HyViFJzbBoU18y2o2" +
  "H7mWtWZXtK3n8YEpH+YyH4bMh/YKmc1Hm7GKSGwihzbxLfPZfLRZPuCKtsU8PmTKRyZktGQ+DNd6Lh+Q" +
  "68AxsYka2sS3bObykW1Za35F23YeHyrhA1gmYDIyIVaw2bEcct24TIyih0bxLc+O5dmWtRZXtD0zluuU" +
  "EMgQQo4gng4+O6JDrh9XiVHMwCi+ZTE7okM+guAVbc+M6CYlhGcIIYcQAUJOd1nr9ZhZwiAy84rF+Lmj" +
  "hnHNwC6+8cleC/x4Pwz8vrnuee6fDt/uwpxHNxvx1N8X5j2G9apJ8UE/OD2rFz/q3b/udoMqJzUFxo1U" +
  "KQZQ34cJg5onX23AThvhbf5nYAcbv699TGa9V92Gujk0k3VDVKk0PAr9L+70+rxqju2XYcWKSSMTNbVh" +
  "JNlmR5IXxyqRU+ucR3t8tgwftDl8WmZGlhzNpYGlUCx+O5gBLBWcIgrOQ4hss29Oj9/cqpv1XL05auQa" +
  "fAvA8g491IhiRiW1b3evL19Wp9169efusG52SSMoHUWIvhE9oxEFpEZk7ONndmJJ7WzD8hI6r11F3Z7n" +
  "ePdz9Xg4uqfmuZ/3GjoE4MY0Iw5xqxkQoaVNvcT76+r5aZM8O1+zSs7qn0fpDxhq2IvHME4uhdGwURMp" +
  "02ZMhHA2Gt+ys64GVKavsaiFLYao8xDNmaG2w+GQ1TaeLhhiWDWnFEaLNWB8mAEZZ7IKBCJZLEPUAB63" +
  "8tMdacASMtQGFzFRBMEIvrQZNMKyZpBSILe36ttD7QIv1o5phEXCW2hXu7kc/NKo168GXhe/pUTQcMva" +
  "Dd7O7r52dTu7e8OzZaQTv1tejkQBoeZLd8H8Qg9s/CAufmlzP05uv1mtj1+TV1/fS6awNDTpMHhqPWz9" +
  "89QtTgePPmy33hRvN76jRWbVRcCSG1ECeJ0ClrcEzDVaeyv/9wMq/6hl/l+0TsRl5i3MCNACbjzu6Brh" +
  "Nx53hEak/Fw7g6JYWsl4tqjZ7Q7tanf4vgo5NC9DgAhtI3glMV8xbDF+2GJM8bCl1dnBv01X75p41OJR" +
  "qHjKeR6FNAtp6kKFQdXzfFPFhEZuPVIPjRj2+eY+U82Eub1oRl5OqLLGrKx7Qs9XS4azZspkQCqwWAzy" +
  "tgvQRjOQWIrxtouyRvtekpdivO1CpTFK6mLV3HjxzljU2pSCvPGClmXclkv7xos8/pF5PDiYE7ZDKuAZ" +
  "SsG10uVx2z+ruBQxKXGbNmnfPU8UtwMKKPM2uomAKlzLmQJdzKQbgVkhmc9yUFjhDYxnl4e0Sph0AyY9" +
  "CiVKmSSaiDMyk9aqck1uRmDKCkwKZm0FTXLMMqkTJjcDJoU3WbEmiSbi5BAgvLXKNdmOwKwwKrLIhKih" +
  "SZNl0iRMtgMmPQpZrEmiiTg5TqJ/LyrX5HoEpqjBpFWmhibzcdImTK6HTFplizVJNBEnx0npB+rlmmxG" +
  "YPIKTPq3eV5BkyIbJw1LmBzMVAQUWKxJookEOU4qLbBck3YEJlRg0itSV9CkyMZJAwmTdsCkR2GKNUk0" +
  "kSDHSf8CZco1aUZgsgpM+rcRqKHJbJw0PGHSDJj0KESxJokmEuQ4aRQT5ZrUKUxZIX3FmpANW4HJbJw8" +
  "z4bonidm0qPQxZokmkiQ46SVQpdrUo3ANBWYtApZBU1iPk5iwqQaMOlR8GJNEk2E1DjpC6h5uSjlCM4K" +
  "kzwentSygioxHynTWR4Zc9nBUMWyJBoJkUxm2IJUrkscwalqkAmS2RrCzAfLdKIHh2SCBChWJtFIaMhk" +
  "coFQrkwxglPWIJMjYg1l5uNlOtcjhmR6GLJYmUQjYUsm813rZWTyEZxYg0whdI1FcJkPmel0Dx+SKYRh" +
  "xcokGknSYyZyf0cxmTCCU9QgEwWICsqU+ZiZzvjAkEwPA4uVSTSSpMdMCYjlymQjOHkNMiVHXUOZ2Zhp" +
  "00kfNiTTw7DFyiQaSdJjZtioUqxMN7IeJ6EGmQoMr6HMfK5RMu/jtkMyVTgFpZBMqpEkPWZqBqJYmW5k" +
  "SU6yGmRqAFVBmSobM20y9ePckEwPw5Qqk2okRY+Z2qIpV+bIqhzaGmQaHwcqKFNlY6ZNZn/cZkhml0Fc" +
  "SibRSIoeM40xvFyZIwtzaKqQaY2socx8zEwmgFx7RqY1uliZRCMpesy0BsrTfNzI2hxWmQGyltfI81H5" +
  "mJnMALn1kEwPozjRh2okRY6Zvp+V5Zk+bmR5DmvMAHlNyBqpPjofM5MZIDdYwuxgFOf6UI2kyTEzvF+U" +
  "J/u4kRU6rDEDBOAHgRWUqfMxM5kBcnZIJmhbnO5DNZImx0zgipfn+7iRRTqsMQMUUj1rJPzofMxMZoCc" +
  "GZJ5dkrTPDKJRtLkmAlCjvlc3Z0QfSv2xlshulYEX2CbwdlmiOw2A/CSEBw/fZ8BacOGB2kkM5++0YAI" +
  "UkplP3+nARGk4karz99qQETpY3r5Bkf6XgMqSs0RP3+zARGlQeRLZNITYVpQwBdIE6fCNP1r8GfnQNNg" +
  "ciZt4T68eQm+RJggoPBMmXnZq0SYfqBcvuIyIzWTClNLwRfIOyTCFKhBLZBUR4SJYBlbIGOMCtO/xeAC" +
  "6VBEmFLxRRJ9iDCVQMkXSGEhwgwplWqB5AwqTG04WyDtgAjTDy4YLrCgToQZJkrNAkvFVJg2c/TNDRdB" +
  "aTAFU1KqBZb3iDBBaGQLLFwRYXJmOS6wJEOFaYAtsdhAhCkkt3yBaXQiTOSo1QITxFSYVim2wNQnEab0" +
  "j3azw2C76uHWZ8z0rdz6kBnfJerBlvKZ5x7NOBPsmhl/oY2yWOG8VpM/rzX9DsBwZdXj0LO4oDEeWjE3" +
  "Zty/76I0V51yrVCNHtY894s8151y3QO0ZQAh/x2OiRMzOgiWlUHg+U9PTBz10EOAQgj5jy1MnFHQQyj0" +
  "FJ7/vMDE5voegiiEkPeFiV3hPQQsgyCyvjC1nbmHIAshZH1hah9uD0EVQsj6wtQG0h6CLoSQ9YWpnY89" +
  "BFMGAfO+MLFlr4dQ2Dti3hcmdpoFCIoV9o6Y94WJ/VE9hMLeEfO+MLGrp4dQ2DvKvC9M7EXpIRT2jjLv" +
  "CxM7KHoIhb2jzPrCVN5/D6Gwd5RZX5jKVu8hFPaOKusLUznWPYTC3lFlfWEqM7iHUNg7qrwvTOSz9hAK" +
  "e0eV94WJLMwOAhT2jjrvCxO5gz2Ewt5R531hIuOth1DYO+q8L0zkafUQCntHnfeFiRNzewiFvaPJ+YJh" +
  "uaE155eOLQ/IjCjrsdJRtSCNqnsMuhAD9Ttd6/P4pdTlL2jc8HR5dz6nJXhuTIxG8SVgsgzEGF/Yri4W" +
  "wLeVcPWXBAJKzhb/mkvOiNzAYkaMcAjUVT5lEr4TfxmH/+VZ79WtAoFex1hQQBXHD9+5z2FJjBLWUM6w" +
  "+PGnXfQTL2H12yL+X9hDMK2kXET029hfOxwWFuUlYLB1voLksrxYKZMP4XlrQIxEq5Fv3VT6XkaoXgPe" +
  "tnp9s+/T+erNyPEutaoHwyVXdTzRZD3RJF7gBl7gkahaAZmEJGjif3cGuEOBhgAA";
const BOOTS: Readonly<Record<string, string>> = {
  "2.6.20": LINUX_2_6_20,
  "3.2": LINUX_3_2,
  "3.16": LINUX_3_16,
};

const REAL: readonly (readonly [string, string, readonly string[]])[] = [
  ["2.6.20", "the first table of head.S alone", ["0x2c4"]],
  ["3.2", "six tables of head.S, and none from its range", row(0x14be, 0x14c3)],
  ["3.16", "six tables of head.S, and none from the top", row(0x1712, 0x1717)],
];

for (const [kernel, what, pages] of REAL) {
  Deno.test(`${kernel} kept to it: ${what}`, async () => {
    const found = hex(neverMapped(await recorded(BOOTS[kernel] ?? "")));
    const why = `Linux ${kernel} broke the condition for ${what}`;
    assertEquals(found, pages, why);
  });
}
