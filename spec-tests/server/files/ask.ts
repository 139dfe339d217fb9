/**
 * Asks a file handler without a connection: a request in, the answer as it would go out.
 *
 * Rule of this file: the target may be one that no server would let through, as middleware can make it.
 */
import { Request } from "../../../lib/message/mod.ts";
import type { FileSystem, OpenFile } from "../../../lib/server/files/mod.ts";
import type { HandlerFunc } from "../../../lib/server/mod.ts";
import { type Recorded, newTestRequest, record } from "../../../lib/testing/mod.ts";
import { Header } from "../../../lib/wire/mod.ts";
import { text } from "../../kit.ts";

export interface Asked {
  /** Default "GET". */
  readonly method?: string | undefined;
  /** Default "/". */
  readonly target?: string | undefined;
  readonly fields?: readonly (readonly [name: string, value: string])[] | undefined;
}

export interface Answer {
  readonly status: number;
  /** The value of a field, undefined without it. */
  field(name: string): string | undefined;
  /** One char per byte. */
  readonly body: string;
  readonly error: unknown;
  readonly end: Recorded["end"];
}

/** What the handler answers. */
export async function ask(handler: HandlerFunc, asked: Asked = {}): Promise<Answer> {
  const { method = "GET", target = "/", fields = [] } = asked;
  const header = new Header(fields);
  const request = new Request({ method, target, host: "example.com", header });
  const recorded = await record((w) => handler(w, request), newTestRequest(method, "/"));
  return {
    status: recorded.status,
    field: (name) => recorded.header.get(name),
    body: text(recorded.body),
    error: recorded.error,
    end: recorded.end,
  };
}

/** A file system that counts what is open, and notes what is asked for. */
export interface Watched extends FileSystem {
  readonly opened: readonly string[];
  readonly stillOpen: number;
}

export function watch(fs: FileSystem): Watched {
  const opened: string[] = [];
  let stillOpen = 0;
  const counted = (file: OpenFile): OpenFile => {
    stillOpen++;
    return {
      ...file,
      close: () => {
        stillOpen--;
        return file.close();
      },
    };
  };
  return {
    opened,
    get stillOpen() {
      return stillOpen;
    },
    open: async (name) => {
      opened.push(name);
      const file = await fs.open(name);
      return typeof file === "string" ? file : counted(file);
    },
    readDirectory: (name, max) => fs.readDirectory(name, max),
  };
}
