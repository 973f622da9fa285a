/**
 * Turnout as this tab has seen it. The server tells what is, not what was, so the line begins when the page was first opened.
 * Kept for the tab (these are public counts), so that a reload does not begin anew.
 */
export interface Sample {
  /** RFC 3339. */
  at: string;
  voted: number;
}

/** A day at one every few minutes; more are thinned out. */
export const MOST = 400;

const keyOf = (tenant: string, election: string): string => `hanpyo.turnout.${tenant}/${election}`;

const isSample = (value: unknown): value is Sample => typeof value === 'object' && value !== null && 'at' in value && typeof value.at === 'string' && 'voted' in value && typeof value.voted === 'number';

export function readSamples(tenant: string, election: string): readonly Sample[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(tenant, election)) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isSample) : [];
  } catch {
    return [];
  }
}

export function keepSamples(tenant: string, election: string, samples: readonly Sample[]): void {
  try {
    sessionStorage.setItem(keyOf(tenant, election), JSON.stringify(samples));
  } catch {
    // Without storage the line begins anew with a reload.
  }
}

/** Adds what was seen. Where nothing changes only the ends of the level line are kept; every second one goes when there are too many. */
export function addSample(samples: readonly Sample[], next: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last !== undefined && Date.parse(next.at) <= Date.parse(last.at)) return samples;
  const level = last?.voted === next.voted && samples.at(-2)?.voted === next.voted;
  const all = [...(level ? samples.slice(0, -1) : samples), next];
  return all.length <= MOST ? all : all.filter((_, place) => place % 2 === 0 || place === all.length - 1);
}
