// CI leaves these to `deno task ok`, for time.
import { testWriting, writersThat } from "./writing.ts";

for (const name of writersThat({ areLong: true })) testWriting(name);
