import { assertEquals } from "@std/assert";
import { loadRecording, type Recording } from "@pagetable-init/textbook/recording";
import { culprit } from "./exercise.ts";

// Recordings of two guests in QEMU, 1,043 and 539 writes, packed.
const OPENED =
  "H4sIAAAAAAAA/+zZz2vTYBgH8Od5my5ZVreBOqZ4KLkI6qYbsl8qixFzGMjwIHgLWRtqsEtCklJlyN52" +
  "cyqKKF4EUSY7DA8ieBPUFi8iePAgevCwjcJAEPQyW3AQSddJsj9B3ksC3++bJ28+vLc4es" +
  "7w9am80ecaGdvNmlaub0CckbKGl3FNxzdtSxqT9HSuYHh+2rTS58+eu5Ae7h/sHxyUjkiuPq1c9Q1PGh" +
  "saHjg2MjJ0/JqI0KByaqpg5rNac7QnqpXlCUKp2KYiCFRmVybABJgAE2ACTIAJMAEmwASY" +
  "ABNgAkyACTABJsAEmAATYAJM4P8QQFgoxf8K9KpI6rP1ykYC4VFJbnf0nGnlNNsSCRAkcA8RnkTzXQQQ" +
  "CNBVDuFZtOglAEDgPp2nQpIA7E4iwB6E5yW5fVp3NEfPGR7IhFDlNhURXkXzVKL5MKUCwu" +
  "to0aUggXnajfAhGh9QkAi0ehjhczQ+2BqzKCB8jRaHwvWb4wjr0XS0tbwqIHyPFidPIxHX1k4g1KPxRG" +
  "v9qoBwqyyLedO6rOV133A71bJA1k+trwUE4UGsCoWbr34ciyUFSTD7J9ggodNehBdlOeW4" +
  "tm9kfM03rvigJEhjcrNSQHi7o+ra1pIR3pXljpxrF7WiaWXtIiiE/JycL1Me4WO8EhUkv5Tr5dD4W7za" +
  "tz0whbBSlkXXKHhG85vDeXUF2rb2+CPWRY/Cnblo06eWBNKYhfDUAcLdWHlUDXgiLNBSAu" +
  "FhrBlVkNygGFR+b6MszckdXtH0M5c017Z9UAlpVDAYR3gZb7pae6kmw7PXg/Am3u+P7PX9nJyyHcPSfF" +
  "sreIYbSgczN2kPwpcd1T/pbp4LzsAyTfJcVYYaJTx3EWqrHM8JUAtTAWqLW7dqkuc+dcJT" +
  "KvMcdWCJJtsB/gIAAP//AwAOttjo4xsAAA==";
const EXECUTABLE =
  "H4sIAAAAAAAA/+yXz2sUZxjHv8+zWXcybptNTH+3kG6hHmz8EdoYtLCvIxlosZQePMp03B3WoXFnmZ2Q" +
  "Fil5d7NqKRTrpdBbJMUcetGT0FKyB3soFvGiaC8mpGgPgqJorDEdeTcbmdk/ocwszDvP9/" +
  "PuPDufed/DVu2yE9iHJ5xh3yl6fsmtlId36cfyJadW9N1q4HqV/J68PVSedGrBkFsZ+mz8k4NDu7ePbB" +
  "8Zyb+X9+2jxleBU8vvGd29a+fY2Oj7X+uEx1JkD0+6EyWrfeuabv46/zFLqW8yGTkpknNi" +
  "IDGQGEgMJAYSA4mBxEBiIDHw/zZAOFWP/yt422S+O72y8JAIc13sA5M5LIQFwoUu8tFzcqmLHDKZ7xVO" +
  "CsLVLlI2ibUnCythH+FOXfRW7bJbKVteJctIEUMOEB5H81cZ6nOOCKvR/A0GgSFnewgnGh" +
  "HwLiOlwOsMdZyWTamlexj96RRjIM2MLWliDKqyX5UDqtyirvrVVbvsJ3zbEL1H7apVtctODYL5myatha" +
  "H64T9EUTYFqH5SI/wYBX0GMZoyRzgbjd80iHOytY1wPhpv7dxmViP8EQWF/cS5p4VwvfW1" +
  "KDrQ+U5LI9yIgk/3EQ8sLe0l3I7GhzrzFzXCvw2hT7iVL6wJO3D8F82Gxpf33loKmfDdTBTlTVb9CWdi" +
  "8ajBHE6vhg9Z+XqJ8HMMC4NYO97SCb/NiGzV9wKnGFiB82UAI8X/WA0pifBnF+vbcCkIV2" +
  "bE5rLvTVlTbqXkTcFgvmk1GzJF+CuOdNXryVq42kf4O44GDeLr4x13D+LsnY1mWcLKjNB9Z7LmtEWpXn" +
  "fHsWn9wZrNKHshsu5+ipFhs67xvWmoTQbC2RjcYf6X4dwJWU8RfomR/QbzKUnhwqMNk783" +
  "xebalBsUj1i+5wVQmymkcJpwI04G2xtQSibcj5NhBqnd1Eqrpf+yWuuvENbik8Yij3LyuNADb7J4xCrZ" +
  "ga3e0c1jTxd2Ek7HQFt1XX5ImI3lrz1fiRlt/iJhvtWT0aTA/GJnlOmMJvdhWXJGO0dYVn" +
  "kOyyrOYXl2fWitD4vpjPb9WzgjRUaTn2NO1VJgbrGnF3gGAAD//wMAc3z+5SYRAAA=";

async function recorded(packed: string): Promise<Recording> {
  return await loadRecording(
    Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0)),
  );
}

/** A recording of a few writes, as JSON lines. */
async function written(...writes: readonly object[]): Promise<Recording> {
  const header = {
    kind: "page-table writes of a real kernel",
    kernel: "a small one",
    memory_mb: 16,
    mode: "two-level",
    roots: ["0x1000", "0x3000"],
  };
  const start = [{ n: 1, who: "head", frame: 1, index: 768, value: "0x2063" }, {
    n: 2,
    who: "head",
    event: "mov cr0",
    imm: null,
  }];
  const lines = [
    { ...header, tables: { "0x1": 2, "0x2": 1, "0x3": 2, "0x4": 1 } },
    ...start,
    ...writes,
  ];
  return await loadRecording(
    new TextEncoder().encode(lines.map((line) => JSON.stringify(line)).join("\n")),
  );
}

Deno.test("the function that opened a page to user mode is found", async () => {
  assertEquals(
    culprit(await recorded(OPENED), 0x40000, "user"),
    "open_to_user",
    "Look for who gave the right, not who made the entry",
  );
});

Deno.test("the function that made data executable is found", async () => {
  assertEquals(
    culprit(await recorded(EXECUTABLE), 0x22000, "execute"),
    "touch_data",
    "Look for who gave the right, not who made the entry",
  );
});

Deno.test("a write that gives nothing is not to blame", async () => {
  const recording = await written(
    { n: 3, who: "map", frame: 2, index: 0, value: "0x5061" },
    { n: 4, who: "oops", frame: 2, index: 0, value: "0x5063" },
    { n: 5, who: "age", frame: 2, index: 0, value: "0x5003" },
  );
  assertEquals(
    culprit(recording, 0xc0000000, "write"),
    "oops",
    "The last who wrote the entry only cleared bits that are no rights",
  );
});

Deno.test("nobody is to blame for a right that was never given", async () => {
  const recording = await written({
    n: 3,
    who: "map",
    frame: 2,
    index: 0,
    value: "0x5063",
  });
  assertEquals(
    culprit(recording, 0xc0000000, "user"),
    "nobody",
    "The right was never given: nobody did it",
  );
});

Deno.test("what was taken back and given again is the last one's doing", async () => {
  const recording = await written(
    { n: 3, who: "map", frame: 2, index: 0, value: "0x5061" },
    { n: 4, who: "early", frame: 2, index: 0, value: "0x5063" },
    { n: 5, who: "protect", frame: 2, index: 0, value: "0x5061" },
    { n: 6, who: "oops", frame: 2, index: 0, value: "0x5063" },
  );
  assertEquals(
    culprit(recording, 0xc0000000, "write"),
    "oops",
    "What early gave, protect took back: the last one to give the right counts",
  );
});

Deno.test("an entry above may give the right", async () => {
  const recording = await written(
    { n: 3, who: "map", frame: 2, index: 0, value: "0x5067" },
    { n: 4, who: "open", frame: 1, index: 768, value: "0x2067" },
  );
  assertEquals(
    culprit(recording, 0xc0000000, "user"),
    "open",
    "User mode needs US at every level: the directory entry gave it, not the page's own",
  );
});

Deno.test("one write may give several rights", async () => {
  const recording = await written(
    { n: 3, who: "map", frame: 2, index: 0, value: "0x5061" },
    { n: 4, who: "link", frame: 1, index: 768, value: "0x2067" },
    { n: 5, who: "oops", frame: 2, index: 0, value: "0x5067" },
  );
  assertEquals(
    culprit(recording, 0xc0000000, "user"),
    "oops",
    "One write gave write and user at once: the right is one of those gained",
  );
});

Deno.test("a load of CR3 may give a right, which then no store gave", async () => {
  const recording = await written(
    { n: 3, who: "map", frame: 2, index: 0, value: "0x5061" },
    { n: 4, who: "early", frame: 2, index: 0, value: "0x5063" },
    { n: 5, who: "protect", frame: 2, index: 0, value: "0x5061" },
    { n: 6, who: "build", frame: 4, index: 0, value: "0x5063" },
    { n: 7, who: "build", frame: 3, index: 768, value: "0x4063" },
    { n: 8, who: "switch_to", event: "mov cr3", imm: "0x3000" },
  );
  assertEquals(
    culprit(recording, 0xc0000000, "write"),
    "nobody",
    "What early gave, protect took back; the right came with other tables, by a load " +
      "of CR3, and no function stored it",
  );
});
