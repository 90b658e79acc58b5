import { assertEquals } from "@std/assert";
import { boot, PLATFORMS } from "@pagetable-init/textbook";
import { counterExample, PROPERTIES, type Property } from "@pagetable-init/chapters";
import { survivor } from "./exercise.ts";

/** Platforms whose kernel keeps NX: on the one of 2007 no rule can be right. */
const KEEP_NX = PLATFORMS.filter(({ makePte }) => makePte !== "2.6.23")
  .map(({ id }) => id);
const ASKED = ["boots", "covers", "no-permission-error", "tables-in-memory"];

/** It boots, and every page is right. */
const right: Property = {
  id: "right",
  claims: "it boots, and every page is right",
  refute: (booted) =>
    PROPERTIES.filter(({ id }) => ASKED.includes(id))
      .map(({ refute }) => refute(booted)).find((why) => why !== undefined),
};

function stopOn(platform: string): string {
  const { outcome } = boot({ platform, strategy: survivor, memory: "32M" });
  return outcome.ok ? "" : outcome.stop.message;
}

Deno.test("it boots on the machines of the matrix", () => {
  for (const { id } of PLATFORMS) {
    assertEquals(
      stopOn(id),
      "",
      `${id}, with nothing unusual: the boot should go through but stops. Under Xen a ` +
        "page that is a table may not be asked for writable",
    );
  }
});

Deno.test("tables come from memory that is mapped, whatever bootmem prefers", () => {
  for (const platform of ["native-486", "xen-2level", "xen-pae", "xen-4level"]) {
    const { outcome } = boot({
      platform,
      strategy: survivor,
      memory: "32M",
      bootmem: "highest-first",
    });
    assertEquals(
      outcome.ok ? "" : outcome.stop.message,
      "",
      `${platform}, the highest page first and no aid: the highest page is not mapped ` +
        "yet, so it cannot be zeroed. Which pages can?",
    );
  }
});

Deno.test("the hunt finds no machine on which it is wrong", () => {
  for (const seed of [12, 2007]) {
    const { boot, why, machines } = counterExample({
      strategy: survivor,
      property: right,
      platforms: KEEP_NX,
      runs: 120,
      seed,
    });
    assertEquals(
      boot,
      undefined,
      `A rule that survives is right on all ${machines} machines, but this is the ` +
        `simplest on which yours is not: ${why}`,
    );
  }
});
