/**
 * A sound of twelve seconds, calculated as it is read.
 * RFC 9110 §14 (ranges are what it is for)
 *
 * Rule of this file: any byte is made from its position alone, so that any range can be read without
 * the bytes before it, and nothing is kept.
 */
import type { Content } from "barewire/server";

const RATE_HZ = 8000;
const SECONDS = 12;
const NOTES_HZ: readonly number[] = [262, 330, 392, 523];
const NOTE_SAMPLES = RATE_HZ / 2;
const HEADER: Uint8Array = header(RATE_HZ * SECONDS);
const SIZE = HEADER.length + RATE_HZ * SECONDS;

/** A WAV file: 8 bits, mono, 96,044 bytes. */
export const tone: Content = {
  size: SIZE,
  read: (position, length) => {
    const count = Math.max(0, Math.min(length, SIZE - position));
    return Promise.resolve(Uint8Array.from({ length: count }, (_, i) => byteAt(position + i)));
  },
};

/** The header, then a sample a byte: 128 is silence. Each note fades before the next one begins. */
function byteAt(position: number): number {
  if (position < HEADER.length) return HEADER[position] ?? 0;
  const sample = position - HEADER.length;
  const note = NOTES_HZ[Math.floor(sample / NOTE_SAMPLES) % NOTES_HZ.length] ?? 0;
  const loudness = 60 * (1 - (sample % NOTE_SAMPLES) / NOTE_SAMPLES);
  return 128 + Math.round(loudness * Math.sin((2 * Math.PI * note * sample) / RATE_HZ));
}

/** The 44 bytes of a RIFF file with one PCM stream of `size` bytes. */
function header(size: number): Uint8Array {
  const bytes = Buffer.alloc(44);
  bytes.write("RIFF", 0, "latin1");
  bytes.writeUInt32LE(36 + size, 4);
  bytes.write("WAVEfmt ", 8, "latin1");
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20); // PCM
  bytes.writeUInt16LE(1, 22); // one channel
  bytes.writeUInt32LE(RATE_HZ, 24);
  bytes.writeUInt32LE(RATE_HZ, 28); // bytes a second
  bytes.writeUInt16LE(1, 32); // bytes a sample
  bytes.writeUInt16LE(8, 34); // bits a sample
  bytes.write("data", 36, "latin1");
  bytes.writeUInt32LE(size, 40);
  return bytes;
}
