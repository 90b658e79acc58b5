import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Accounts } from "./accounts.ts";
import { CLASS, FOLDER, NO_CLASS, SKIPPED, succeedAs } from "./class.ts";
import { Hub } from "./hub.ts";
import { Student } from "./student.ts";
import { begin, end } from "./trial.ts";
import { until } from "./until.ts";

const LIMIT = 240; // seconds that anything may take on a busy machine
const NAMES = ["pagetable-ada", "pagetable-bob", "pagetable-eve"];
const LOOP = 3; // seconds after which a cell without an end counts as one

Deno.test({
  name:
    `three students log in, run notebook 1 and close it; none reads what is another's; a loop without end costs no file; the class's own settings hold${SKIPPED}`,
  ignore: NO_CLASS !== undefined,
  async fn() {
    await using accounts = await Accounts.make(NAMES, FOLDER);
    const own = `${CLASS}/own_config.py`;
    await Deno.writeTextFile(own, 'c.JupyterHub.template_vars = {"announcement": "No class today"}\n');
    await using hub = await Hub.start(CLASS, 3600);
    await Deno.remove(own);
    assertStringIncludes(await (await fetch(`${hub.address}hub/login`)).text(), "No class today");
    assert(!await new Student(hub.address, NAMES[0] ?? "").logIn("not the password"));
    const working = await Promise.all(NAMES.map((name) => begin(hub.address, name, accounts.password, LIMIT)));
    assertEquals(working.map(({ error }) => error), NAMES.map(() => undefined));
    await Promise.all(working.map(end));

    const [ada, bob] = NAMES.slice(0, 2).map((name) => new Student(hub.address, name)) as [Student, Student];
    for (const student of [ada, bob]) {
      await student.logIn(accounts.password);
      await student.startServer(LIMIT);
    }
    await succeedAs(ada.name, "cd ~/textbook && git pull --quiet"); // as after a setup with a new state of the book
    await ada.write("mine.txt", "what I have done");
    const { kernel } = await bob.open("notebooks/02_permissions.ipynb");
    {
      using open = await bob.connect(kernel, LIMIT);
      const { status, error } = await open.run(
        `Deno.readTextFileSync("${FOLDER}/${ada.name}/textbook/mine.txt")`,
        LIMIT,
      );
      assertEquals(status, "error");
      assertStringIncludes(error, "Permission denied");
      assertEquals((await bob.ask("GET", "api/contents/mine.txt", undefined, ada.name)).status, 403);

      await bob.write("mine.txt", "before the loop");
      const loop = await open.run("for (;;);", LOOP).then(() => "ended", () => "goes on");
      assertEquals(loop, "goes on");
    }
    assert((await bob.ask("POST", `api/kernels/${kernel}/restart`)).ok);
    using again = await bob.connect(kernel, LIMIT);
    assertEquals((await again.run("40 + 2", LIMIT)).status, "ok");
    assertEquals(await bob.read("mine.txt"), "before the loop");
  },
});

Deno.test({
  name: `a server that nobody uses ends, and its files are there the next time${SKIPPED}`,
  ignore: NO_CLASS !== undefined,
  async fn() {
    const names = ["pagetable-idle"];
    await using accounts = await Accounts.make(names, FOLDER);
    await using hub = await Hub.start(CLASS, 30);
    const student = new Student(hub.address, names[0] ?? "");
    await student.logIn(accounts.password);
    await student.startServer(LIMIT);
    await student.write("mine.txt", "before the break");
    await until("the end of an idle server", LIMIT, async () => await student.server() === "none");
    await student.startServer(LIMIT);
    assertEquals(await student.read("mine.txt"), "before the break");
  },
});
