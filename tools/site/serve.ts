/**
 * Serves a folder to this machine.
 *
 * @module
 */

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  txt: "text/plain; charset=utf-8",
  svg: "image/svg+xml",
  gz: "application/gzip",
};

/**
 * Serves a folder until the process ends.
 *
 * @param folder The folder.
 * @param ready Told the address.
 */
export async function serve(folder: string, ready: (address: string) => void): Promise<void> {
  await server(folder, ready).finished;
}

/** A server of a folder, on a free port of the loopback interface. */
export function server(folder: string, ready: (address: string) => void): Deno.HttpServer<Deno.NetAddr> {
  const onListen = ({ port }: Deno.NetAddr) => ready(`http://127.0.0.1:${port}/`);
  // Uncompressed: on one machine compressing the library took longer than all the rest of a first Run.
  const options = { hostname: "127.0.0.1", port: 0, onListen };
  return Deno.serve(options, (request) => answer(folder, new URL(request.url)));
}

async function answer(folder: string, { pathname }: URL): Promise<Response> {
  const path = decodeURIComponent(pathname).replace(/\/$/, "/index.html");
  if (path.split("/").includes("..")) return new Response("not found", { status: 404 });
  try {
    const type = TYPES[path.split(".").at(-1) ?? ""] ?? "application/octet-stream";
    return new Response(await Deno.readFile(folder + path), { headers: { "content-type": type } });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory) {
      return new Response("not found", { status: 404 });
    }
    throw error;
  }
}
