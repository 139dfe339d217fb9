/**
 * A certificate for localhost, made on the spot by openssl.
 *
 * Rule of this file: it lives in memory and for thirty days; the files that openssl needs are removed at once.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { KeyPair } from "../net/mod.ts";
import { Exit } from "./io.ts";

/** Makes a key pair that names localhost and its addresses. */
export async function selfSigned(): Promise<KeyPair> {
  const folder = await mkdtemp(join(tmpdir(), "barewire-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const names = "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1";
  const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  const rest = ["-nodes", "-keyout", key, "-out", cert, "-days", "30", "-subj", "/CN=localhost"];
  try {
    await promisify(execFile)("openssl", [...args, ...rest, "-addext", names]);
    return { key: await readFile(key, "utf8"), cert: await readFile(cert, "utf8") };
  } catch (error) {
    const why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "";
    throw new Exit(1, `--tls without --cert and --key needs openssl (${why})`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
