/**
 * What the system knows of a process: its memory and its descriptors.
 * proc(5)
 *
 * Rule of this file: Linux's /proc and nothing else; a process that is gone has nothing.
 */
import { readdirSync, readFileSync } from "node:fs";

/** Resident memory in MiB; 0 when the process is gone. */
export function residentMib(pid: number): number {
  try {
    const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
    return Number(line?.[1] ?? 0) / 1024;
  } catch {
    return 0; // gone between two looks
  }
}

/** Open descriptors; 0 when the process is gone. */
export function descriptorsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0; // gone between two looks
  }
}
