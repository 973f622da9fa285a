// Made by `cargo test --workspace --test programs generated_types` (BLESS=1 writes it) from the types in tally/src/ui. Do not edit.

/** The last job. */
export interface Job {
  /** Counts up. */
  number: number;
  /** The request's `kind`. */
  action: string;
  /** How it goes. */
  state: JobState;
  /** How far it is. */
  progress: JobProgress | null;
  /** What the program said, in English, oldest first. */
  log: string[];
  /** Why it was not done. */
  refusal: Refusal | null;
}

/** How a job goes. */
export type JobState =
  /** Under way. */
  | 'running'
  /** Others must act; it goes on by itself. */
  | 'waiting'
  /** It waits for the person's answer. */
  | 'asking'
  /** Done. */
  | 'done'
  /** Others must act first; start it again later. */
  | 'later'
  /** Refused or failed. */
  | 'refused'
  /** The person stopped it. */
  | 'stopped';

/** How far a job is. */
export interface JobProgress {
  /** What is counted. */
  what: Counted;
  /** Done so far. */
  done: number;
  /** Of how many; 0 if that is not known. */
  total: number;
}

/** What a job counts. */
export type Counted =
  /** Entries of the board read and verified. */
  | 'verified'
  /** Voting codes written. */
  | 'codes'
  /** Public credentials written. */
  | 'credentials'
  /** Credentials on the board. */
  | 'uploaded';

/** Why something was not done. */
export interface Refusal {
  /** For the page's words. */
  code: RefusalCode;
  /** The program's own words, in English. */
  detail: string;
}

/** Why something was not done, for pages to put into words. */
export type RefusalCode =
  /** The passphrase does not open the file. */
  | 'wrong-passphrase'
  /** The passphrase is too short. */
  | 'short-passphrase'
  /** The two passphrases differ. */
  | 'passphrases-differ'
  /** The file exists already. */
  | 'file-exists'
  /** Another program works with the file. */
  | 'file-locked'
  /** The file is damaged or of another program. */
  | 'file-damaged'
  /** The disk does not give back what was written, or refuses. */
  | 'disk'
  /** The secret file is not open. */
  | 'not-open'
  /** The address of the board makes no sense. */
  | 'bad-address'
  /** The verifier key is malformed, or of another log. */
  | 'bad-key'
  /** The board or the server cannot be reached. */
  | 'unreachable'
  /** The board contradicts what was signed or seen before. */
  | 'untrustworthy'
  /** The board was rolled back. */
  | 'rolled-back'
  /** The board is empty. */
  | 'empty'
  /** Too few witnesses have cosigned. */
  | 'witnesses'
  /** A numbered check failed. */
  | 'check-failed'
  /** A numbered check did not run. */
  | 'check-not-run'
  /** Ceremony and drill are not over. */
  | 'no-key-yet'
  /** The server refuses what was posted. */
  | 'server-refused'
  /** The manifest does not name this key. */
  | 'not-in-manifest'
  /** The secret file belongs to another election. */
  | 'other-election'
  /** The secret file holds no share. */
  | 'no-share'
  /** The ceremony must be restarted by the commission. */
  | 'restart-needed'
  /** An older copy of the secret file was restored. */
  | 'older-copy'
  /** The joint key on the board is another one. */
  | 'other-key'
  /** The election was declared void. */
  | 'void'
  /** Voting goes on. */
  | 'not-closed'
  /** This computer's clock says that voting goes on. */
  | 'too-early'
  /** The count gate is not met. */
  | 'gate-not-met'
  /** The encrypted tally is not complete. */
  | 'tally-incomplete'
  /** Entries are excluded from the count. */
  | 'excluded'
  /** The key was used for another tree. */
  | 'other-tree'
  /** The pin file, made with the secret file, is missing. */
  | 'pins-missing'
  /** The pin file is damaged. */
  | 'pins-damaged'
  /** The person said no. */
  | 'not-confirmed'
  /** The roll is not as it must be. */
  | 'bad-roll'
  /** Codes were issued for another roll. */
  | 'other-roll'
  /** No codes have been issued. */
  | 'nothing-issued'
  /** The codes were destroyed. */
  | 'purged'
  /** The other authority must act first. */
  | 'other-first'
  /** The roll is closed on the board. */
  | 'roll-closed'
  /** The credential cannot be changed now. */
  | 'no-change'
  /** Something else; the detail says what. */
  | 'other';

/** A job that was begun. */
export interface Begun {
  /** Its number. */
  number: number;
}

/** The answer to a question that a job asks. */
export interface Answer {
  /** Whether to go on. */
  yes: boolean;
}

/** What a trustee's page asks for. */
export type TrusteeRequest =
  /** Make the secret file. */
  | { kind: 'create'; passphrase: string; again: string }
  /** Open it. */
  | { kind: 'open'; passphrase: string }
  /** Lock it. */
  | { kind: 'close' }
  /** Say where the board is. */
  | { kind: 'connect'; board: string; vkey: string; api: string | null }
  /** Read the board and look at everything. */
  | { kind: 'preflight' }
  /** Take part in the key ceremony until it is over. */
  | { kind: 'ceremony' }
  /** Show that the stored share decrypts. */
  | { kind: 'drill' }
  /** Verify what is new on the board. */
  | { kind: 'follow' }
  /** Decrypt the count, after all checks and a question. */
  | { kind: 'decrypt'; accept_excluded: boolean };

/** What a trustee's page shows. */
export interface TrusteeView {
  /** Version of the program. */
  version: string;
  /** The secret file. */
  secret: SecretView;
  /** Whether the secret file, while open, holds a share. */
  has_share: boolean;
  /** Whether the share was used. */
  released: boolean;
  /** The board; null before the program knows where it is. */
  board: BoardView | null;
  /** The ceremony; null before the board was read. */
  ceremony: CeremonyView | null;
  /** What was looked at; null before that was done. */
  preflight: PreflightCheck[] | null;
  /** What would be decrypted, while the program asks. */
  decryption: DecryptionView | null;
}

/** The secret file; nothing of what is in it but its public key. */
export interface SecretView {
  /** Its path. */
  path: string;
  /** Whether it is there and open. */
  state: SecretState;
  /** Public key for the manifest, in hex, while it is open. */
  key: string | null;
  /** It was written by this run and must be opened again with its passphrase. */
  must_reopen: boolean;
}

/** Whether there is a secret file. */
export type SecretState =
  /** There is none yet. */
  | 'missing'
  /** It is locked. */
  | 'closed'
  /** It is open. */
  | 'open';

/** The board, as far as it was read and verified. */
export interface BoardView {
  /** Its address. */
  place: string;
  /** The key it is checked with. */
  vkey: string;
  /** Entries verified. */
  size: number;
  /** Root of their tree in base64, as in checkpoints. */
  root: string;
  /** Where the election stands. */
  phase: PhaseView;
  /** The election; null before the board was read. */
  election: ElectionView | null;
  /** Who took part. */
  turnout: TurnoutView | null;
}

/** Where the election stands on the board. */
export type PhaseView =
  /** Nothing there. */
  | 'empty'
  /** Key ceremony. */
  | 'ceremony'
  /** Drill. */
  | 'drill'
  /** The roll is built. */
  | 'roll'
  /** The roll is sealed. */
  | 'sealed'
  /** Voting. */
  | 'open'
  /** Closed. */
  | 'closed'
  /** Trustees decrypt. */
  | 'tally'
  /** The result is there. */
  | 'finished'
  /** Void. */
  | 'void'
  /** Manifest or joint key are unusable. */
  | 'unusable';

/** What the manifest says. */
export interface ElectionView {
  /** Title. */
  title: Bilingual;
  /** Name of the log: `<host>/<tenant>/<election>`. */
  origin: string;
  /** The first 128 bits of the manifest hash in hex, as printed on letters. */
  fingerprint: string;
  /** The same as words. */
  words: FingerprintWords;
  /** Manifest hash in hex. */
  manifest_hash: string;
  /** Whether it is a test. */
  test: boolean;
  /** When voting opens, in seconds since 1970. */
  opens: number;
  /** When it closes, re-dated or as in the manifest. */
  closes: number;
  /** Trustees. */
  trustees: OfficerView[];
  /** Trustees needed to decrypt. */
  quorum: number;
  /** Credential authorities. */
  authorities: OfficerView[];
  /** Which of them has the key of the secret file; null if none, or if it is not open. */
  number: number | null;
  /** Turnout below which votes are never decrypted. */
  gate: FractionView | null;
}

/** A text in both languages. */
export interface Bilingual {
  /** Korean, which is authoritative. */
  ko: string;
  /** English; may be empty. */
  en: string;
}

/** A fingerprint as words to be read aloud. */
export interface FingerprintWords {
  /** In Korean. */
  ko: string[];
  /** In English. */
  en: string[];
}

/** A person or body holding a key. */
export interface OfficerView {
  /** Number, from 1. */
  number: number;
  /** Name. */
  name: string;
}

/** A fraction of the electorate. */
export interface FractionView {
  /** Above the line. */
  numerator: number;
  /** Below it. */
  denominator: number;
}

/** Who took part. */
export interface TurnoutView {
  /** Counted ballots. */
  ballots: number;
  /** Paper votes. */
  paper: number;
  /** Electorate. */
  electorate: number;
}

/** The key ceremony on the board. */
export interface CeremonyView {
  /** Attempt, from 1. */
  attempt: number;
  /** What each trustee has done. */
  trustees: TrusteeProgress[];
  /** Number of the trustee that complains, if one does. */
  complainant: number | null;
  /** Number of the trustee it accuses. */
  accused: number | null;
  /** Joint key in hex. */
  joint_key: string | null;
}

/** What a trustee has done, on the board. */
export interface TrusteeProgress {
  /** Number, from 1. */
  number: number;
  /** Name. */
  name: string;
  /** Commitment. */
  commitment: boolean;
  /** Opening. */
  opening: boolean;
  /** Shares for the others. */
  shares: boolean;
  /** Signature on the joint key. */
  confirmation: boolean;
  /** Drill. */
  drill: boolean;
  /** Any partial decryption. */
  decryption: boolean;
}

/** One thing looked at. */
export interface PreflightCheck {
  /** What. */
  item: PreflightItem;
  /** How it is. */
  outcome: PreflightOutcome;
  /** What was found: for `clock` the seconds it is ahead, for `file` and `folder` the mode, otherwise in English. */
  found: string;
}

/** What is looked at. */
export type PreflightItem =
  /** The board is read and its checks pass. */
  | 'board'
  /** The manifest names this key, and the secret file belongs to this election. */
  | 'key'
  /** This computer's clock agrees with the server's. */
  | 'clock'
  /** Only the owner reads the secret file. */
  | 'file'
  /** Only the owner writes its folder. */
  | 'folder';

/** How it is. */
export type PreflightOutcome =
  /** As it must be. */
  | 'pass'
  /** Not as it must be. */
  | 'fail'
  /** It could not be looked at. */
  | 'not-checked';

/** What would be decrypted. */
export interface DecryptionView {
  /** Entries of the closed tree. */
  size: number;
  /** Its root in base64, as in checkpoints. */
  root: string;
  /** Who took part. */
  turnout: TurnoutView;
  /** The count gate, which is met; null if the law has none. */
  gate: FractionView | null;
  /** Entries excluded from the count. */
  excluded: number;
  /** The contests. */
  contests: ContestSums[];
}

/** What would be decrypted of a contest. */
export interface ContestSums {
  /** Its title. */
  title: Bilingual;
  /** Number of sums. */
  sums: number;
  /** The groups, the first of them. */
  groups: GroupView[];
  /** Number of further groups. */
  more: number;
}

/** Units whose votes are decrypted together. */
export interface GroupView {
  /** Names of the units. */
  units: Bilingual[];
  /** Ballots in the sum. */
  ballots: number;
}

/** What an authority's page asks for. */
export type AuthorityRequest =
  /** Make the secret file. */
  | { kind: 'create'; passphrase: string; again: string }
  /** Open it. */
  | { kind: 'open'; passphrase: string }
  /** Lock it. */
  | { kind: 'close' }
  /** Say where the board is, and read it. */
  | { kind: 'connect'; board: string; vkey: string; api: string | null }
  /** Read the board. */
  | { kind: 'read' }
  /** Look at the roll that was chosen; nothing is issued. */
  | { kind: 'roll' }
  /** Draw a voting code for every voter of the roll. */
  | { kind: 'issue' }
  /** Two authorities: publish the commitment to this half list. */
  | { kind: 'commit' }
  /** Two authorities: publish this half list. */
  | { kind: 'open-halves' }
  /** Bring the roll to the board and sign its seal. */
  | { kind: 'upload' }
  /** Sign the revocation of a credential. */
  | { kind: 'revoke'; index: number; reason: string }
  /** Draw a new code for the voter of a revoked credential and sign its re-issue. */
  | { kind: 'reissue'; index: number };

/** What an authority's page shows. */
export interface AuthorityView {
  /** Version of the program. */
  version: string;
  /** The secret file. */
  secret: SecretView;
  /** The board; null before the program knows where it is. */
  board: BoardView | null;
  /** Whether ceremony and drill are over on the board. */
  has_key: boolean;
  /** Folder with the files. */
  out: string;
  /** Whether a roll was chosen. */
  roll_chosen: boolean;
  /** Whether the first authority's order was chosen. */
  order_chosen: boolean;
  /** The roll, once it was looked at. */
  roll: RollView | null;
  /** Voters that codes were made for with this secret file; null before that, or while it is locked. */
  issued: number | null;
  /** Files in the folder. */
  files: FileView[];
  /** Credentials on the board. */
  uploaded: number;
  /** What this run signed. */
  proposals: ProposalView[];
}

/** The roll that was looked at. */
export interface RollView {
  /** Voters. */
  voters: number;
  /** Voters of each unit. */
  units: UnitVoters[];
}

/** Voters of a reporting unit. */
export interface UnitVoters {
  /** Name of the unit. */
  unit: Bilingual;
  /** Voters in the roll. */
  voters: number;
}

/** A file that was written. */
export interface FileView {
  /** Its name. */
  name: string;
  /** Whether it holds codes or who has which credential. */
  secret: boolean;
}

/** Something signed that others must sign as well. */
export interface ProposalView {
  /** `seal`, `revocation` or `reissue`. */
  what: string;
  /** The credential it is about, if it is about one. */
  credential: number | null;
  /** The new credential of a re-issue. */
  new: number | null;
  /** Its id on the server. */
  id: string;
  /** Roles that have not signed. */
  missing: string[];
  /** Its place in the log once all have signed. */
  index: number | null;
}

/** What `GET /api/state` answers. */
export interface State<View> {
  /** The last job; null at the start. */
  job: Job | null;
  /** What there is to show. */
  view: View;
}
