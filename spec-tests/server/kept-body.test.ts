// A short body is kept until its length is known: as text of one char per octet, whatever it came as.
import { suite } from "uvu";
import { type Exchange, answer, chunk, exchanges, get } from "./tools.ts";

const test = suite("kept body");

const kept: readonly Exchange[] = [
  {
    name: "bytes are copied when they are written: the array may be used again",
    handler: (w) => {
      const piece = Uint8Array.of(0x61, 0xff);
      void w.write(piece);
      piece.fill(0x7a);
      void w.write(piece);
    },
    send: get(),
    expect: answer("a\xffzz"),
  },
  {
    name: "text before and behind bytes, and text beyond ASCII, come out in their order",
    handler: (w) => {
      void w.write("a");
      void w.write(Uint8Array.of(0x80));
      void w.write("\u0142");
      void w.write("b");
    },
    send: get(),
    expect: answer("a\x80\xc5\x82b"),
  },
  {
    name: "the type of bytes is told by their octets, not by chars",
    handler: (w) => void w.write(Uint8Array.of(0xff, 0xd8, 0xff)),
    send: get(),
    expect: answer("\xff\xd8\xff", { type: "image/jpeg" }),
  },
  {
    name: "2,048 bytes get a length, one more gets chunks",
    handler: (w, r) => void w.write(new Uint8Array(r.path === "/more" ? 2049 : 2048).fill(0x61)),
    send: get() + get("/more"),
    expect:
      answer("a".repeat(2048)) +
      answer(`${chunk("a".repeat(2049))}0\r\n\r\n`, { chunked: "chunked" }),
  },
];
exchanges(test, kept);

test.run();
