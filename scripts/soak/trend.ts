/**
 * Whether memory stays flat: samples over time, and the straight line that fits them best.
 *
 * Rule of this file: arithmetic. A garbage collector makes a saw of memory, so single figures say nothing; the
 * slope of the line through all of them does.
 */

/** Memory at an instant: minutes since the beginning, MiB. */
export interface Sample {
  readonly minutes: number;
  readonly mib: number;
}

/** The line through samples. */
export interface Trend {
  readonly mibPerMinute: number;
  /** What the line rises from the first to the last sample. */
  readonly risesMib: number;
  readonly meanMib: number;
  readonly samples: number;
}

/** More than this is no noise: two MiB a minute, or 16 MiB in a run that is too short to tell. */
export const MIB_PER_MINUTE_MAX = 2;
export const RISE_MIB_MAX = 16;

/** The share of a run that is left out at its beginning: code is compiled and pools grow then. */
export const WARM_UP_PART = 0.25;

/** Least squares over the samples that come after the warm-up. */
export function trendOf(all: readonly Sample[]): Trend {
  const end = all.at(-1)?.minutes ?? 0;
  const judged = all.filter(({ minutes }) => minutes >= end * WARM_UP_PART);
  const count = judged.length;
  const mean = (pick: (sample: Sample) => number): number =>
    judged.reduce((sum, sample) => sum + pick(sample), 0) / Math.max(1, count);
  const meanMinutes = mean(({ minutes }) => minutes);
  const meanMib = mean(({ mib }) => mib);
  const spread = mean(({ minutes }) => (minutes - meanMinutes) ** 2);
  const together = mean(({ minutes, mib }) => (minutes - meanMinutes) * (mib - meanMib));
  const mibPerMinute = spread === 0 ? 0 : together / spread;
  const span = end - (judged[0]?.minutes ?? end);
  return { mibPerMinute, risesMib: mibPerMinute * span, meanMib, samples: count };
}

/** Does it grow? Both bounds must be passed: a short run is all noise. */
export function grows({ mibPerMinute, risesMib }: Trend): boolean {
  return mibPerMinute > MIB_PER_MINUTE_MAX && risesMib > RISE_MIB_MAX;
}
