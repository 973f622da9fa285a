/** What the wizard must know of the server's legal profiles (ledger/src/manifest/profiles.rs) to offer fitting defaults. */
export interface Profile {
  id: ProfileId;
  /** Length of all voting windows together, in seconds; another length needs a reason. */
  votingSeconds: number | null;
  revoting: boolean;
  /** Whether its dates follow from the proposal by the Resident Voting Act. */
  residentSchedule: boolean;
  /** What its ballots usually look like. */
  ballot: 'referendum' | 'recall' | 'election';
}

export const PROFILE_IDS = ['kr-resident-vote-2022', 'kr-national-policy-vote', 'kr-recall', 'kr-by-charter', 'kr-resident-vote-2004'] as const;
export type ProfileId = (typeof PROFILE_IDS)[number];

const DAY = 86_400;

export const PROFILES: readonly Profile[] = [
  { id: 'kr-resident-vote-2022', votingSeconds: DAY, revoting: false, residentSchedule: true, ballot: 'referendum' },
  { id: 'kr-national-policy-vote', votingSeconds: DAY, revoting: false, residentSchedule: true, ballot: 'referendum' },
  { id: 'kr-recall', votingSeconds: null, revoting: false, residentSchedule: true, ballot: 'recall' },
  { id: 'kr-by-charter', votingSeconds: null, revoting: true, residentSchedule: false, ballot: 'election' },
  { id: 'kr-resident-vote-2004', votingSeconds: DAY, revoting: false, residentSchedule: true, ballot: 'referendum' },
];

/** The profile of a draft; null for one with a basis of its own, which the server takes but the wizard did not make. */
export const profileOf = (id: string): Profile | null => PROFILES.find((profile) => profile.id === id) ?? null;
