// The load hook: strips types with esbuild and keeps the lines right through an inline source map.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";

export async function load(url, context, next) {
  if (!url.endsWith(".ts")) return next(url, context);
  const file = fileURLToPath(url);
  const options = {
    loader: "ts",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    sourcefile: file,
  };
  const { code } = await transform(await readFile(file, "utf8"), options);
  return { format: "module", shortCircuit: true, source: code };
}
