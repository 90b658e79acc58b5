import { assertEquals } from "@std/assert";
import { loadRecording, type Recording } from "@pagetable-init/textbook/recording";
import { neverMapped } from "./exercise.ts";

const hex = (pages: readonly number[]) => pages.map((pfn) => `0x${pfn.toString(16)}`);
const row = (first: number, last: number) =>
  hex(Array.from({ length: last - first + 1 }, (_, at) => first + at));
/** A wrong answer may have very many pages: the first ones and a number say enough. */
const shortened = (pages: readonly number[]) =>
  pages.length <= 16
    ? hex(pages)
    : [...hex(pages.slice(0, 16)), `and ${pages.length - 16} more`];

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

// Recordings of three kernels in QEMU, from tests/fixtures/boots, packed. Those of 3.2
// and 3.16 end when the kernel has linked eight tables of its own for lowmem.
const LINUX_2_6_20 =
  "H4sIAAAAAAAC/61Xy26cMBTd9ysQ3WYiP/CD7Koqy6zSXVUhjzGTUQAjYB5plH+vDUkwDpkZGnb2MT73+J" +
  "57PZ7n8HFbpuFNEFZio1atWOcqONTbVjWBzgIR1ErkwaOqS5WHV0H4OjLfo2t6jUDwHQV3ugx+7DYBDxC+" +
  "IfAGoODn7f2vAAEI7Z5SFGrYsYo4XZW6atQK0ju7LqudXTb41crAFipUoeunpFibBUgtoNOOoz3oVa72vR" +
  "hZA4uBIweAAIDXPYh7EIkMANBDUQ91M5Wp2pnWWreNmf8etvwxcJcJiz8bHFoZVx3p+wi/j6JhVWRmjPqx" +
  "7PAXM8lF0yZNq2t7BAIoYsCgzVOx1nkfIlGtOra9KgkQlgRgK86Ysi03ybbcDovxmsTgdVF1Mv31iIPBq6" +
  "R6eGq2UuRJIapqgg1DEFqVFr7ta8FNXrV5TbI5kIVevj2HpT0lpJhi88HhQdsPHpRIr++7HbLfAM3niFok" +
  "35ZK1D5zVveFQTnrwqfqaGY2NXuR75TjkdS70kqGAEU2c62q3lbf5WCOIDsnh5EvyumSwMZR+dmobCKqPB" +
  "WVUX4+bnwuLv942t5DJy4D/PPTspPJh6NywDGKonOKBOo6cK86RtPV+8D2q1VQFCNDRrzkLG86wQsG3nKX" +
  "5w4j407hDpfbG6MEhhOSOZwEExz7nJ+03iiSbVcMfJ8MPs8pimdYRQhFjtgkEXmuZbI2N6G5eBNpLypPZE" +
  "pZ9FEkANATCRfoZEIpcfzRpUrsVZc4d52fQkSnUmibLDrVZPFYIQSUjWWQJS2dlS3r/jxTOXP75CumIk8m" +
  "WsLUuE/3IqbyE6Yy/8YemxozBpc1dUa2+FxTKeQULmMq9mTiBUyliHOylKnylKlwrBCPTLUy2LKmzsiWnG" +
  "0qiTlfxlT/NyJawlQGIFrG1Cw7YarRgP07b+Sq0eEUl/sU9uOTWMx+V1h6eiG9xKfp3adABCPzPh+Ii6Ns" +
  "6iRTot3VytRi8zgRxPzyZFxe/t4ggCC38xrVJlVrjMpKn1igVE6WTrb+tHRMvUbeLWqyh0joxMc4ujC+4l" +
  "+PD9zQBDj1+VdUSa4Pb13e+PHjTEwX53//C+kf51O98/7f7mJtKb+ksv4BCB+fpaYPAAA=";
const LINUX_3_2 =
  "H4sIAAAAAAAC/8VaS3PjNgy+91d4fI4z4Jvsudeeeux0NBJFbTQrSx5bTjazs/+9pOzElGgz1sPtzaAo4A" +
  "M+EAQp/1x/L+t8/ftqvUu/mU2bZpVZve3L1hxWTbFKV3uTVqvvZl+bav20Wp9/2fnkGT/Dhm6o5Ks/TFam" +
  "9coNcbZBbmKdbs3HNDtmZ212pm7L45Zs6mZ3MBuE5Z9upt4dO/vnp08b+9CNb8222b8n28w+tXPdSJN3Ot" +
  "u3ZlOZ1xMivQc3Bj8kAAMg2WmQnAYRpRQATmP0NMZlJ5vC7E8DnbhvmvZg5b9Pb6HzWxcV/1ip3NoouUlO" +
  "6ILlXvl5fsX+xB+vYIf6833/CfOeZMYXCk/Q4AvIF3zVmlwEkWtfyH3B+IJnRxjwBeQL2Bd8O4b6AvMF7g" +
  "vCF6QvKF9IfSHzBd8f4/tjfH+M70/h+1P4/hS+P4XvT+H7U1z8EUXRqf5lpSo9tMmhbfbOMkVUCaHs8OF9" +
  "mzXVKQkS05of7SmltM3YVFkHnrqVVdbfkrIuPx+SXFPQlwWV7F7eD6VOq2Sb7nbh7KyAfO1gmNNitUBZbl" +
  "xW/vrt57p26YUEULAz3l4aN+PFpPnzX515fX7DTgeSu6GqrE26/1whH7le7E+LliHJXLLXuflhRaf1Na2O" +
  "xlstujnWDh8CTF0YWrP7eHpBJIHTaYhwiIgvgAgDQngaIhoikksgQojwaYhYiEjNR0QoZ0J8iUjo2Xnkqh" +
  "9w0bcsv7ZsrlnWUcuCyztsqy9tyyteZ2boNUFw22sS5QH5S5pQwYFMpoJGAoKCcBT9cFjLdDIVNEqFusM2" +
  "m0ZFEVKBblNBu6U1hg/JsZrMh4xEBQ9jYvO5FxPJCUzmI2ZZCLjDNprEh4aQD3ybDzmaD8UZm8yHjkSFBD" +
  "FB/ZhYy3wyHzrKB7rDtpjGBwr5ILf50GP5YMAlmsoHihVwGsQE92LiLOOpfEQtC4HvsE2m8YFDPmhkw4TR" +
  "hNimcPJejmJlnAVBIf2gWMuT9/KoZSHIHban7eVWUUBItIMZTQgW5OuKlfFrYSmKWN2whoO40EGiWuPxok" +
  "WKLIWu17Sn684fe+Z+XbnTdHf43fZbvZ5m8aVmJK9ohovm+lhVF5UECy9S5YFI7mvUnUotRqjkgPyifTDt" +
  "cZeke/0y0JtDJsSQAe3OADp6BrjZZXr5wSPJYfFxPA8fkjF8gkbOBJiqW0cC2wsiNAtYmLtyXO46CF6Rrd" +
  "O2fDVJd1GVnNPzAsTyjAzE03iQGRTJQHtRHQ8vSVtlybeqydIqMEIUu2KERoyoKUbkKCNSeTluWajek7LZ" +
  "m226O90pDCjTiqfXKHvQ6ZIjhUMebUYlu20e+I6zfKl0Yr10Egpjfh1Ga67AuB6iVMpIiPhwudnTCe9vFr" +
  "FqoEBxNRtiFoUoyKBiFcxBvGCgUsEtDEnahjA0XQLGJQwUBAKyBISRZEGEqAs8LljvsDqoSxDWpRzu37Gc" +
  "dv++aqCdXql65v5a0WlntwtSWIlEdn9N5YITRh+pncvHxZ0TgR4Xd9sssf+8+LBB8cG3a49FSP//RYdvrD" +
  "kpVe/OdFl2bMFTIGey87g7QQVwzfmR8B57T2YjSDidifHBd0fKnp4UnovxsfcpCguJYS7GB98xKCKAzl0v" +
  "jz53K8qx30ylVdXopGreEvfVe9gSZ9qwEKTI9QAkR7DAJyBFBVZqdks88ujXueN1xBbFKS9m0Dg2Qmj0om" +
  "Wc+dcn02jMQ5ALnGwUs+0UW4BGHaWRBTTmPRotCglzaRwXITS6rnEuAc2l0QQgY1vs3TRyIQmaTyOOXhQJ" +
  "HtDY+xzpUFA+l8ZxEcKjK78QFvNcGosQJFqARiFBiQVopFEaRUBj71OmRYEQnkvjuAjh0XujFISQmTQaCE" +
  "HiBWiUknCyAI3xvXF4bevc8Wm0KMTMFmdshPDovVEJpua2OAaFIMkCNKr+h/PJNMb3RhXQ2Ptw6lDQuS3O" +
  "yAjhsXujFYTkc3scg0OUdD6P7k8MUi3Q5JDo7ighILL3McDBUGhulzMyRgRGM4kkInPbHENClGwJJpFCfI" +
  "E+h0Q3SIkCJs+fav8FhDaaTngsAAA=";
const LINUX_3_16 =
  "H4sIAAAAAAAC/8VaS4/iOBC+769AnIeRy2/vea972uNqFSXBmUYdEgShHxrNf187oRsHg8F5TN+6kuD6/H" +
  "1VLpfdP5fPm2q9/HOx3KU/9KpJs1IvXvebRh8WdbFIF3udlotnva90ufy2WJ7+Mt+T78C/oxVdMckXf+ls" +
  "k1aL9plY5c8NwArs91W61Z9fC/vtaqerZnPcklVV7w56BVj+bb/Md8cWxuntt5V5aZ9v9bbevyfbzLw139" +
  "on9bods3mtV6V+6YDle2SfoTeJEEOIZN1D0j0EnmqEUPeMds+4bG1d6H33oDX3dd0cjP1v96vs9KvzEP8Z" +
  "a7M1ZNmPrNFyZn/y8/QT8yf++EluUX/+3nmTwfmNAOwaxDWoazDX4K4hXEO6Ruoa2achCi1dQ7lG6hq93+" +
  "SusXYN7RqFYxTINcA1sGsQ16CuwVyDu4ZwDXc+hTufwp1P4c6ncOdTuPMp3PkU7Xx+GatMD01yaOq9fU1A" +
  "Yk6ReXx432Z12QVBohv91nQhlQPFXLA2hEyCbaofyabafL7kQBWGc14lu6f3wyZPy2Sb7nZXvqY4W1oYus" +
  "tZo6kk0kblrz9+LisbXiAQEeaL16fafvGk0/X3f1r3+ekX5nNE1vZRual0uv/MkI9YL/Zd0jKJiA32aq3f" +
  "jGnn+ZKWR+1kS14fK4sPEKaWhkbvPt6eEUnEYRii3EdEJ0CEESA1DJH2EfEpEJlQGsZRBj4iNR4RwRQEuY" +
  "tIwug4sqsf4qTvmd73TK55zoOeBZcP+GZ3fSt/1nagC98qFBkkqAO4KU0wA6UGS0EDhIBHB+nTwcysBktB" +
  "g1KoB3zDMCmIL4W4LQVtUytGD44xG6yHDLCCPU5onxPjmQ/WI+RZCPSAbzFMD+rrIW/rIaP1ECZDBuuRB1" +
  "ghHiesz4nxjAfrkQf1gAd8k2F6MF+PQMnIo/WQWIihekBoAaceJ7zPifEsh+oR9CwEfsC3GqYH9/QAFCiY" +
  "KFoQRdDgWg6hZZx5pIg+Kcbz4Foe9CwEecD3wFoufEEgIEh0BTFy4MEVHULrOPdIkT1SjGcyuKJDuILQB3" +
  "wPrOjSFwQHBIkuIQQIu79kZdk1WmwTGdhiIXwZqLav6fFinN9dtcD0+7bxe9HtfJbb+mVhzzza04ht9509" +
  "9+iPy+8mH3TN6cW49DxudSzL3pB3cwqkvjIk6UH9aBN6I9/d2oC6T8Lp/KfHg3L3a+fDrI+hczs2hvTu2O" +
  "AMyiR2Sv9BN8ddku7zp/7AHDHJvGzKbSeZBzvJm72KE9QiFNEGnxqHD/IQPsECnSWm8lZjSThydwcDgPkJ" +
  "xyMTzkBwuKnSZvOik/bUMzkFqhMauABA4YDu5whHknujF+Xx8JQ0ZZb8KOssLT0nlOmYRDROxAAnHKKcMD" +
  "fGL3hC3uhojcIpdDk6d5Y9o3H5nmzqvd6mu+7cqx8QQNcyvRIQc52AEMGUHyUmXpPddu3NHWdoomA18+Hi" +
  "DIP3V3EXRqN9GCm6ShGXeYAiChfdeIEulhrggbVGUUHUaIgiDFFeEFX02yEllHtc0MeQpI0PI6dTwDjTQB" +
  "FGbBIIkWKhgFA9eFix3x5IPZUookLSL6HIgSAJ/moaBIWvpYExQrGaa223oxN6c3TqV1gasQttR5e3i59f" +
  "9brbwMfqN2MUBMw5uqTz8W5G5/PxbohHX5M67t7ydiWyCAX+6iUY31iBpWni3E2bfmt0tU6y/bO39TWrpA" +
  "9LQOq3wffuw7L3pr2cthFdF4Wh4vThB1qKFL8JmGFJxgDOfMBsTsBYUKXmin/TUJmpjov/UfdEmAV2YZKA" +
  "IDBz39E6wTP3HdYJY7+XZ+AxTHPmnhalZVnnSVm/JvZ/aA59gBTylOCJkvmBtkWatkXK0W1LLoLNv/Jv71" +
  "K3azEouHvkPEzCOIZE7EWFpLzTedaMsU7m7tStE4l+P90XWXOHbpM0VzYnsWlNg2ndCXp5W9I/NeMyAJKD" +
  "oqNBznsBLQUCRsdinPdSVgqzSuKxGOe9qJSSMzE6a2a+vJOKCiHHgpz5QkshrMan9syXPGbK2G0OhpRt+6" +
  "+AFygJFlyMr9tmruRWxYyp23GH9u18nLptUcC4aIunCGITV2HEQYxWUl+BOcE/8ykMnE6wA8PB6yHBPSV1" +
  "T0mDgpOxSkZShFG0kkrx8Tm5vgKTTaAkQUpNkJOYBpUUnpLrnpLEUDY6JyMpwtElgBi2xudkfgXmBF2Roo" +
  "iQKXJSBpWUnpJ5T0mDgo3OyUiKcHSdpGZfND4nsyswyRRKKi6nyMlwnVSekllfScXV6JyMpAhH10lmGvXx" +
  "OZlegYknUNLs5vEEOUmCdVIiT8neSYVFQUfnZCRFJLpOckHo+JxUV2DCBEqajBQT5CQJ1kkJnpKqp6RBIU" +
  "fnZCRFJLpOmg2UHJ+T8gpMNIGSZjcCU+RksE5K7CkpOyX/B2pWR7uPOAAA";
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
    const found = shortened(neverMapped(await recorded(BOOTS[kernel] ?? "")));
    const why = `Linux ${kernel} broke the condition for ${what}`;
    assertEquals(found, pages, why);
  });
}
