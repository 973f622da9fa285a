// Made by `cargo test -p hanpyo-wasm` (BLESS=1 writes it) from the types in web/wasm. Do not edit.

/** A manifest entry. */
export interface ReadManifest {
  /** Entry 0 of the record. */
  entry: Uint8Array;
  /** The manifest hash of the voter's link; any other is refused. */
  expected: Uint8Array | null;
}

/** Everything that was fixed before an election began. Contests, styles and units are numbered from 0, trustees and authorities from 1. */
export interface Manifest {
  /** Manifest hash. */
  hash: Uint8Array;
  /** Name of the log: `<host>/<tenant>/<election>`. */
  origin: string;
  /** Title of the election. */
  title: Bilingual;
  /** Official notice. */
  notice: Bilingual;
  /** Rules of law. */
  profile: Profile;
  /** Voting windows in order. */
  windows: Window[];
  /** Seconds after closing in which begun votes may still be submitted. */
  grace_seconds: number;
  /** Why the windows do not have the length that the profile fixes. */
  override_reason: string | null;
  /** Contests. */
  contests: Contest[];
  /** Ballot styles. */
  styles: Style[];
  /** Reporting units. */
  units: Unit[];
  /** Least number of ballots that may be published together. */
  floor: number;
  /** Whether the votes of single weights may be computable from the result. */
  votes_computable: boolean;
  /** Whether a later ballot of the same voter supersedes an earlier one. */
  revoting: boolean;
  /** vkey of the log. */
  log: string;
  /** Credential authorities: one voting code of each. */
  authorities: Officer[];
  /** Trustees. */
  trustees: Officer[];
  /** Number of trustees needed to decrypt. */
  quorum: number;
  /** Witness policy (C2SP tlog-policy). */
  witness_policy: string;
  /** Whether a checkpoint needs cosignatures. */
  witnesses_required: boolean;
  /** Number of faulty witnesses tolerated. */
  faulty_witnesses: number;
  /** Who may read the record. */
  disclosure: WhoMayRead;
  /** Hash of the asset manifest of the voting pages. */
  assets: Uint8Array | null;
  /** Whether this is a test election. */
  test: boolean;
}

/** A text in both languages. */
export interface Bilingual {
  /** Korean, which is authoritative. */
  ko: string;
  /** English; may be empty. */
  en: string;
}

/** Rules of law. */
export interface Profile {
  /** Identifier; nothing depends on it. */
  id: string;
  /** Legal basis in words. */
  basis: Bilingual;
  /** Turnout below which nothing is decided. */
  turnout_quorum: Fraction | null;
  /** Turnout below which votes are not even counted. */
  count_gate: Fraction | null;
  /** Length of all voting windows together, in seconds, if the law fixes it. */
  voting_seconds: number | null;
  /** Whether an election may let voters vote again. */
  revoting_allowed: boolean;
}

/** A share of the electorate. */
export interface Fraction {
  /** Above the line. */
  numerator: number;
  /** Below the line. */
  denominator: number;
}

/** One interval of voting, in seconds since 1970. */
export interface Window {
  /** First second. */
  opens: number;
  /** End. */
  closes: number;
}

/** A question put to the voters. */
export interface Contest {
  /** Title. */
  title: Bilingual;
  /** Options, in the order drawn by lot. */
  options: Bilingual[];
  /** What may be marked. */
  rules: ContestRules;
  /** How it is decided. */
  decision: DecisionRule;
  /** Number of options that win. */
  seats: number;
}

/** What a voter may mark in a contest. */
export type ContestRules =
  /** Exactly one option, or none if `blank`. */
  | { kind: 'choose_one'; blank: boolean }
  /** Between `min` and `max` options. */
  | { kind: 'choose'; min: number; max: number }
  /** A score from 0 to `maximum` for every option; `total` bounds their sum, exactly if `total_exact`. */
  | { kind: 'score'; maximum: number; total: number | null; total_exact: boolean; unanswered: boolean }
  /** Between `min` and `max` options in order of preference. */
  | { kind: 'rank'; min: number; max: number };

/** How the votes of a contest decide it. */
export type DecisionRule =
  /** More than half of the votes given to options. */
  | 'majority'
  /** Most votes. */
  | 'plurality'
  /** Highest mean score. */
  | 'mean'
  /** Most Borda points. */
  | 'borda'
  /** Most first ranks. */
  | 'first_preferences';

/** The contests that some voters vote on. */
export interface Style {
  /** Title. */
  title: Bilingual;
  /** Contests, by their number. */
  contests: number[];
}

/** A district, a polling area, a branch. */
export interface Unit {
  /** Title. */
  title: Bilingual;
  /** Number of the unit it belongs to. */
  parent: number | null;
}

/** A person or body holding a key. */
export interface Officer {
  /** Name. */
  name: string;
  /** Verifying key. */
  key: Uint8Array;
}

/** Who may read the record. */
export type WhoMayRead =
  /** Everyone. */
  | 'public'
  /** Accredited observers. */
  | 'accredited';

/** The beginning of a record. */
export interface OpenElection {
  /** Entry bundles, or the first part of one: entries each behind its length in two bytes. The first is the manifest; among the others are the trustees' confirmations and the joint key. An entry that is cut off at the end of a part is left out. */
  bundles: Uint8Array[];
  /** The manifest hash of the voter's link; any other is refused. */
  expected: Uint8Array | null;
}

/** An election that may be voted in: every trustee signed its joint key. */
export interface OpenedElection {
  /** Handle of the election. */
  election: number;
  /** The manifest. */
  manifest: Manifest;
  /** The joint key that all trustees signed. */
  joint_key: Uint8Array;
}

/** A voting code as typed. */
export interface CheckVotingCode {
  /** The text. */
  code: string;
}

/** A voter's codes and place. */
export interface EnterCredential {
  /** Handle of the election. */
  election: number;
  /** One voting code of each authority, in their order. */
  codes: string[];
  /** Index of the voter's credential, from the voter's session or personal link. */
  index: number;
  /** Ballot style, from the session; where the roll is given, the roll's is required to be this. */
  style: number | null;
  /** Entry bundles with the roll chunk that holds the index, and for a re-issued credential its re-issue and the chunk of the revoked one. Signatures are verified. */
  roll: Uint8Array[] | null;
}

/** A credential ready to vote. */
export interface EnteredCredential {
  /** Handle of the credential. */
  credential: number;
  /** Its public part. */
  public: Uint8Array;
  /** Its ballot style. */
  style: number;
  /** Whether the authorities' roll was seen to have this credential and style at the index. */
  in_roll: boolean;
  /** Public weight, if the roll was given. */
  weight: number | null;
  /** Reporting unit, if the roll was given. */
  unit: number | null;
}

/** A voter's marks. */
export interface Encrypt {
  /** Handle of the credential. */
  credential: number;
  /** One selection per contest of the style, in its order. */
  selections: Selection[];
  /** Above the counter of every earlier cast ballot of the credential: the time in seconds will do. */
  counter: number;
  /** A number not used before with this credential: the time in finer units will do. */
  attempt: number;
  /** At least 32 bytes of `crypto.getRandomValues`. */
  seed: Uint8Array;
}

/** A voter's marks in one contest; options are numbered from 0. */
export type Selection =
  /** One option, or null for blank. */
  | { kind: 'choose_one'; option: number | null }
  /** The options marked. */
  | { kind: 'choose'; options: number[] }
  /** A score for every option, null where it stays unanswered. */
  | { kind: 'score'; scores: (number | null)[] }
  /** The options ranked, most preferred first. */
  | { kind: 'rank'; options: number[] };

/** An encrypted ballot, undecided. */
export interface EncryptedBallot {
  /** Handle of the ballot. */
  ballot: number;
  /** Confirmation code, to be shown before the decision. */
  code: string;
  /** The whole code, for a QR code. */
  full_code: string;
}

/** A ballot to be counted. */
export interface Cast {
  /** Handle of the ballot. */
  ballot: number;
}

/** An entry to send. Nothing in it is secret: keep it and send it again until it is acknowledged. */
export interface CastBallot {
  /** The entry's bytes. */
  entry: Uint8Array;
  /** Confirmation code. */
  code: string;
}

/** A ballot to be opened. */
export interface Challenge {
  /** Handle of the ballot. */
  ballot: number;
}

/** A ballot that can never be counted, with what shows its selections. */
export interface ChallengedBallot {
  /** Confirmation code, shown before the decision. */
  code: string;
  /** For the other device: everything but the ciphertexts. */
  opening: Uint8Array;
  /** The entry that posts it to the record, if the voter wants that. It reveals these selections for ever. */
  entry: Uint8Array;
}

/** What the first device showed. */
export interface CheckOpening {
  /** Handle of the election. */
  election: number;
  /** The confirmation code that it showed before the voter decided. */
  code: string;
  /** The opening. */
  opening: Uint8Array;
}

/** What a challenged ballot says. */
export interface CheckedOpening {
  /** Its whole confirmation code. */
  full_code: string;
  /** Ballot style; its contests are those of the selections. */
  style: number;
  /** Index of the credential. */
  index: number;
  /** One selection per contest of the style, in its order. */
  selections: Selection[];
}

/** The server's answer to a ballot. */
export interface VerifyAcknowledgement {
  /** Handle of the election. */
  election: number;
  /** The entry that was sent. */
  entry: Uint8Array;
  /** The answer. */
  acknowledgement: Uint8Array;
}

/** A promise that can be used against the server. */
export interface Acknowledgement {
  /** By when the ballot must be in the log, in seconds since 1970. */
  deadline: number;
}

/** The server's proof. */
export interface VerifyReceipt {
  /** Handle of the election. */
  election: number;
  /** Confirmation code as shown, typed or scanned. */
  code: string;
  /** The receipt. */
  receipt: Uint8Array;
  /** The entry that was sent, if this device sent it; the receipt must be for these very bytes. */
  entry: Uint8Array | null;
}

/** A ballot that is in the log. */
export interface RecordedBallot {
  /** Index of its entry. */
  index: number;
  /** Cast or challenged. */
  kind: RecordedAs;
  /** Its whole confirmation code. */
  full_code: string;
  /** Index of its credential. */
  credential: number;
  /** Size of the tree that it was proven to be in. */
  size: number;
  /** Root of that tree in base64, to compare with others. */
  root: string;
  /** When the witnesses' quorum was complete, in seconds since 1970; null if none is required. */
  quorum_time: number | null;
  /** Witnesses that cosigned. */
  cosigned_by: CosignedBy[];
}

/** What a voter's entry says. */
export type RecordedAs =
  /** To be counted. */
  | 'cast'
  /** Opened, never counted. */
  | 'challenged';

/** A witness that cosigned. */
export interface CosignedBy {
  /** Its name in the policy. */
  name: string;
  /** When, in seconds since 1970. */
  time: number;
}

/** A checkpoint and whose it should be. */
export interface OpenCheckpoint {
  /** The checkpoint's bytes. */
  checkpoint: Uint8Array;
  /** vkey of the log. */
  vkey: string;
}

/** What the log signed. */
export interface Checkpoint {
  /** Name of the log. */
  origin: string;
  /** Number of entries. */
  size: number;
  /** Root in base64. */
  root: string;
}

/** What to destroy. */
export interface Destroy {
  /** Any handle. */
  handle: number;
}

/** What to follow, and what to look for. */
export interface ObserverNew {
  /** vkey of the log, from elsewhere than the board. */
  vkey: string;
  /** At least 32 bytes of `crypto.getRandomValues`: the weights of batch verification come from it. */
  seed: Uint8Array;
  /** Whether helpers will verify proofs; otherwise steps do it themselves. */
  helpers: boolean;
  /** Confirmation codes to look for (check 12). */
  codes: string[];
  /** Acknowledgements whose ballots to look for (check 12). */
  acknowledgements: Uint8Array[];
  /** Checkpoints of earlier visits that were compared with no tree then, from `observer_unconfirmed`. */
  unconfirmed: Uint8Array[];
}

/** An observer. */
export interface NewObserver {
  /** Handle of the observer. */
  observer: number;
}

/** The board's `checkpoint`. */
export interface ObserverCheckpoint {
  /** Handle of the observer. */
  observer: number;
  /** The file's bytes. */
  checkpoint: Uint8Array;
}

/** What the checkpoint was. */
export interface SeenCheckpoint {
  /** Compared with those seen before. */
  seen: CheckpointSeen;
}

/** What a checkpoint was. */
export type CheckpointSeen =
  /** The one that is known. */
  | 'same'
  /** Of a larger tree; steps will show whether it extends the known one. */
  | 'newer'
  /** Of a smaller tree than was shown before: an alarm. */
  | 'older'
  /** Of another tree of the same size: an alarm. */
  | 'forked';

/** Files of the board. */
export interface ObserverProvide {
  /** Handle of the observer. */
  observer: number;
  /** The files, in any order. */
  files: BoardFile[];
}

/** One file of the board. A network error is no answer: ask again. */
export interface BoardFile {
  /** Its path, as a step named it. */
  path: string;
  /** Its bytes; null if the board answers that it does not exist. */
  bytes: Uint8Array | null;
}

/** Which observer. */
export interface ObserverStep {
  /** Handle of the observer. */
  observer: number;
}

/** Where the observer is, and what it waits for. With nothing to wait for, step again until it is up to date. */
export interface ObserverState {
  /** Paths of files to hand in with `observer_provide`. */
  needs: string[];
  /** Work for helpers, to be answered with `observer_vouch`. */
  jobs: ProofJob[];
  /** Entries checked. */
  read: number;
  /** Entries under the newest checkpoint that extends all earlier ones. */
  size: number;
  /** Root of that tree in base64. */
  root: string | null;
  /** Voters with a counted ballot. */
  counted: number;
  /** How far the record has come. */
  phase: RecordPhase;
  /** Whether checkpoints that were seen before are still to be compared with that tree. */
  comparing: boolean;
  /** Whether everything under the newest checkpoint was checked. */
  up_to_date: boolean;
  /** Whether the record cannot be trusted. */
  fatal: boolean;
  /** Why no more entries are read. */
  stopped: string | null;
  /** Evidence against the log. */
  alarm: ObserverAlarm | null;
}

/** Work for a helper. */
export interface ProofJob {
  /** Number to answer under. */
  job: number;
  /** Ballots and posted challenges in it. */
  ballots: number;
  /** For `verifier_job`. */
  bytes: Uint8Array;
}

/** How far the record has come. */
export type RecordPhase =
  /** Nothing yet. */
  | 'empty'
  /** Key ceremony under way. */
  | 'ceremony'
  /** Drills under way. */
  | 'drill'
  /** The roll is built. */
  | 'roll'
  /** Roll sealed, waiting for the opening. */
  | 'sealed'
  /** Voting. */
  | 'voting'
  /** Closed, the encrypted tally is due. */
  | 'closed'
  /** Trustees decrypt. */
  | 'decrypting'
  /** Results are published. */
  | 'results'
  /** The result is there. */
  | 'finished'
  /** Declared void. */
  | 'void'
  /** Manifest or joint key cannot be used. */
  | 'unusable';

/** Evidence: two checkpoints that the log signed and that do not fit together. Keep both. */
export interface ObserverAlarm {
  /** What they prove. */
  reason: AlarmReason;
  /** The one seen first. */
  seen: Uint8Array;
  /** The one seen then. */
  found: Uint8Array;
  /** In words. */
  detail: string;
  /** Of a tree that does not extend an earlier one: the root that as many entries as the earlier one has have in it, in base64. */
  here: string | null;
  /** The consistency proof from that root to the later tree, each hash in base64. */
  proof: string[];
}

/** What two checkpoints prove. */
export type AlarmReason =
  /** The board shows an older tree than before: stale, or rolled back. */
  | 'rolled_back'
  /** The log signed two trees of one size. */
  | 'forked'
  /** The log signed a tree that does not extend an earlier one. */
  | 'inconsistent';

/** What a helper of this page vouched for. Whatever it left out the observer verifies itself. */
export interface ObserverVouch {
  /** Handle of the observer. */
  observer: number;
  /** Number of the job. */
  job: number;
  /** Statements from `verifier_job`. */
  statements: Uint8Array;
}

/** Which observer. */
export interface ObserverReport {
  /** Handle of the observer. */
  observer: number;
}

/** The report. */
export interface ObserverReportView {
  /** Outcome of all checks. */
  verdict: Verdict;
  /** Entries read. */
  entries: number;
  /** The checks in order. */
  checks: NumberedCheck[];
  /** What became of the codes given, in their order. */
  codes: FoundBallot[];
  /** Whether the ballot of each acknowledgement given is in the record so far. */
  acknowledged: boolean[];
}

/** Outcome of all checks. */
export type Verdict =
  /** Everything that had to be checked was, and is as it must be. */
  | 'pass'
  /** Everything that had to be checked was, up to the entry that declares the record void. */
  | 'void'
  /** A check failed. */
  | 'fail'
  /** Nothing is wrong so far, but something that has to be checked was not yet. */
  | 'incomplete';

/** One of the twelve checks. */
export interface NumberedCheck {
  /** 1 to 12. */
  number: number;
  /** Name in Korean. */
  name_ko: string;
  /** Name in English. */
  name_en: string;
  /** Outcome. */
  outcome: CheckOutcome;
  /** The first hundred findings. */
  findings: CheckFinding[];
  /** Number of all findings. */
  total: number;
  /** What did not run. */
  not_checked: NotCheckedPart[];
}

/** Outcome of one check. */
export type CheckOutcome =
  /** Everything was checked and is as it must be. */
  | 'pass'
  /** At least one finding. */
  | 'fail'
  /** Nothing wrong was found, but all or a part did not run. */
  | 'not_checked';

/** One thing that is not as it must be. */
export interface CheckFinding {
  /** Index of the entry at fault. */
  entry: number | null;
  /** Whether the rules resolve it by not counting the entry. */
  excluded: boolean;
  /** What was looked at. */
  what: string;
  /** What it should have been. */
  expected: string;
  /** What it was. */
  found: string;
}

/** A part of a check that did not run. */
export interface NotCheckedPart {
  /** Why. */
  reason: NotCheckedReason;
  /** In words. */
  detail: string;
}

/** Why a check, or a part of it, did not run. */
export type NotCheckedReason =
  /** Nothing was given to check. */
  | 'not_given'
  /** The manifest does not ask for it. */
  | 'not_required'
  /** The record was declared void before. */
  | 'void'
  /** The record has not come to this yet. */
  | 'unfinished'
  /** Something that this check builds on is missing. */
  | 'missing';

/** What became of a ballot that was looked for. */
export type FoundBallot =
  /** Not in the record so far. */
  | { kind: 'not_found' }
  /** The ballot counts. */
  | { kind: 'counted'; entry: number }
  /** The voter voted again later, which counts. */
  | { kind: 'superseded'; entry: number; by: number }
  /** The voter had it opened instead of casting it. */
  | { kind: 'challenged'; entry: number }
  /** In the record, but not counted. */
  | { kind: 'not_counted'; entry: number; why: string };

/** Which part of the timeline. */
export interface ObserverEvents {
  /** Handle of the observer. */
  observer: number;
  /** Number of events known already. */
  skip: number;
}

/** A part of the timeline. */
export interface Timeline {
  /** Events, in order. */
  events: RecordEvent[];
}

/** Something that happened. */
export interface RecordEvent {
  /** Index of the entry. */
  entry: number;
  /** Entry type, as in protocol.cddl. */
  entry_type: string;
  /** Attempt of the key ceremony. */
  attempt: number | null;
  /** Trustee, from 1. */
  trustee: number | null;
  /** Authority, from 1. */
  authority: number | null;
  /** Credential. */
  credential: number | null;
  /** Contest, from 0. */
  contest: number | null;
  /** Time that the entry states, in seconds since 1970. */
  time: number | null;
  /** Reason that the entry states. */
  reason: string | null;
}

/** Which observer. */
export interface ObserverResults {
  /** Handle of the observer. */
  observer: number;
}

/** Turnout and results so far, recomputed from the record. */
export interface RecordResults {
  /** Electorate, credentials sealed. */
  electorate: number;
  /** Voters with a counted ballot. */
  counted: number;
  /** Paper votes. */
  paper: number;
  /** The units, in order. */
  units: UnitTurnout[];
  /** The contests, in order. */
  contests: ContestResult[];
}

/** Turnout of a reporting unit. */
export interface UnitTurnout {
  /** Credentials. */
  electorate: number;
  /** Voters with a counted ballot. */
  counted: number;
  /** Paper votes. */
  paper: number;
}

/** The state of one contest. */
export interface ContestResult {
  /** Groups, once voting is closed. */
  groups: GroupResult[];
  /** Totals by position: options; scores then answers; or rank by rank. Empty before the result. */
  totals: number[];
  /** Outcome, with the result. */
  status: OutcomeStatus | null;
  /** Numbers of the options that win. */
  winners: number[];
}

/** Units that are published together. */
export interface GroupResult {
  /** Units. */
  units: number[];
  /** Ballots. */
  ballots: number;
  /** Decrypted sums by position; empty before decryption. */
  values: number[];
}

/** What became of a contest (docs/PROTOCOL.md section 10.5). */
export type OutcomeStatus =
  /** Decided. */
  | 'decided'
  /** Turnout quorum not met. */
  | 'quorum_not_met'
  /** Tied. */
  | 'tied'
  /** Not counted: the count gate does not hold. */
  | 'not_counted'
  /** Withheld: no group of units is large enough. */
  | 'withheld'
  /** No option has a majority. */
  | 'no_majority';

/** A root that somebody else saw. */
export interface ObserverCompare {
  /** Handle of the observer. */
  observer: number;
  /** Number of entries of that tree. */
  size: number;
  /** Its root, in base64 or hexadecimal digits. */
  root: string;
}

/** Whether both saw the same log. */
export interface ComparedRoot {
  /** Whether it is the root of the first `size` entries; null while files are needed. */
  equal: boolean | null;
  /** Where it is not: the root of as many entries here, in base64. */
  here: string | null;
  /** The consistency proof from that root to the newest tree, each hash in base64. */
  proof: string[];
  /** Files to hand in with `observer_provide` before asking again. */
  needs: string[];
}

/** Which observer. */
export interface ObserverUnconfirmed {
  /** Handle of the observer. */
  observer: number;
}

/** What the log signed and nobody here has compared yet, or has found not to fit. */
export interface UnconfirmedCheckpoints {
  /** As signed, in the order in which they were seen. Keep them for the next visit. */
  checkpoints: Uint8Array[];
  /** Number of those that there was no room for. */
  dropped: number;
}

/** Which observer. */
export interface VerifierSetup {
  /** Handle of the observer. */
  observer: number;
}

/** For `verifier_new`. */
export interface HelperSetup {
  /** Manifest, as the observer read it. */
  manifest: Uint8Array;
  /** Joint key. */
  joint_key: Uint8Array;
}

/** The election of an observer. */
export interface VerifierNew {
  /** From `verifier_setup`. */
  manifest: Uint8Array;
  /** From `verifier_setup`. */
  joint_key: Uint8Array;
  /** At least 32 bytes of `crypto.getRandomValues`. */
  seed: Uint8Array;
}

/** A helper. */
export interface NewVerifier {
  /** Handle of the helper. */
  verifier: number;
}

/** A job. */
export interface VerifierJob {
  /** Handle of the helper. */
  verifier: number;
  /** The job's bytes. */
  job: Uint8Array;
}

/** What holds. */
export interface JobDone {
  /** For `observer_vouch`: 32 bytes for each entry whose proofs and signature hold. */
  statements: Uint8Array;
}

/** A root. */
export interface ObserverWords {
  /** In base64. */
  root: string;
}

/** A word for each of its 32 bytes, in the lists of the trustees' fingerprints. */
export interface RootWords {
  /** Korean. */
  ko: string[];
  /** English. */
  en: string[];
}

/** Why an operation failed. */
export interface Failure {
  /** To choose words by. */
  code: ErrorCode;
  /** In English, for those who look; empty in the booth's module, which has no room for words. */
  detail: string;
  /** Which of several codes, from 0. */
  place: number | null;
  /** Where in the code, from 1, or number of the contest, from 0. */
  position: number | null;
  /** What was expected. */
  expected: string | null;
  /** What was found. */
  found: string | null;
}

/** Why an operation failed. */
export type ErrorCode =
  /** The page sent something that is no request: a fault of the page. */
  | 'request'
  /** A handle that stands for nothing, or for something else: a fault of the page. */
  | 'handle'
  /** Bytes that are no entry. */
  | 'entry'
  /** The first entry is not a manifest. */
  | 'no_manifest'
  /** Another election than the voter's link names. */
  | 'other_manifest'
  /** The manifest breaks its rules. */
  | 'bad_manifest'
  /** A signature is not that of its role. */
  | 'signature'
  /** The ceremony is not over, or more entries are needed. */
  | 'no_joint_key'
  /** Two joint keys are signed. */
  | 'two_joint_keys'
  /** The election has score contests, and this module no range proofs: `booth-score.wasm` has them. */
  | 'needs_scores'
  /** A trustee has not signed the joint key. */
  | 'unconfirmed'
  /** The joint key is no point. */
  | 'bad_joint_key'
  /** Another number of voting codes than of authorities. */
  | 'code_count'
  /** A character that no voting code has there; `position` from 1, `found` the character. */
  | 'code_character'
  /** Too few or too many characters; `found` how many. */
  | 'code_length'
  /** Some character is mistyped. */
  | 'code_check_symbol'
  /** The codes give no usable secret. */
  | 'code_unusable'
  /** The credential is not in the entries of the roll given. */
  | 'not_in_roll'
  /** The roll's entries are no use. */
  | 'bad_roll'
  /** The codes are another credential's: typed right, but not this voter's or not this election's. */
  | 'other_credential'
  /** The manifest has no such ballot style, or the roll says another. */
  | 'style'
  /** A selection that its contest does not allow; `position` is the contest's number. */
  | 'selection'
  /** Too little randomness: a fault of the page. */
  | 'seed'
  /** The ballot could not be encrypted: a fault of this program. */
  | 'encryption'
  /** Text that is no confirmation code. */
  | 'confirmation_code'
  /** Bytes that are no opened ballot. */
  | 'opening'
  /** The opened ballot is not the one of the code: the device that made it may cheat. */
  | 'opening_mismatch'
  /** The acknowledgement is malformed, or not signed by this election's server. */
  | 'acknowledgement'
  /** The receipt is malformed. */
  | 'receipt'
  /** The receipt proves nothing: signature, witnesses or inclusion fail. */
  | 'receipt_refused'
  /** An answer for another ballot than asked for. */
  | 'other_ballot'
  /** Text that is no vkey of a log. */
  | 'vkey'
  /** A checkpoint that is malformed or that the log did not sign. */
  | 'checkpoint'
  /** Text that is no root hash. */
  | 'root'
  /** The observer is not as far as that yet. */
  | 'not_read'
  /** A file of the board is not what the log signed. */
  | 'spoilt';

/** Requests and responses of the operations. */
export interface Operations {
  /** Reads a manifest entry, refusing any but the expected one. */
  read_manifest: { request: ReadManifest; response: Manifest };
  /** Opens an election for voting: its manifest, and the joint key that every trustee signed. */
  open_election: { request: OpenElection; response: OpenedElection };
  /** Checks a voting code as far as its check symbol tells. */
  check_voting_code: { request: CheckVotingCode; response: null };
  /** Turns voting codes into a credential, and compares it with the roll where its entries are given. */
  enter_credential: { request: EnterCredential; response: EnteredCredential };
  /** Encrypts a ballot. */
  encrypt: { request: Encrypt; response: EncryptedBallot };
  /** Casts an encrypted ballot: gives the entry to send. Its handle is used up. */
  cast: { request: Cast; response: CastBallot };
  /** Opens an encrypted ballot instead of casting it. Its handle is used up. */
  challenge: { request: Challenge; response: ChallengedBallot };
  /** Checks on another device what a challenged ballot says. */
  check_opening: { request: CheckOpening; response: CheckedOpening };
  /** Verifies that the server promised to record a ballot. */
  verify_acknowledgement: { request: VerifyAcknowledgement; response: Acknowledgement };
  /** Verifies that a ballot is in the log. */
  verify_receipt: { request: VerifyReceipt; response: RecordedBallot };
  /** Verifies the log's signature of a checkpoint. */
  open_checkpoint: { request: OpenCheckpoint; response: Checkpoint };
  /** Destroys what a handle stands for, wiping its secrets. */
  destroy: { request: Destroy; response: null };
  /** Begins to follow a record. */
  observer_new: { request: ObserverNew; response: NewObserver };
  /** Takes a checkpoint that the board shows. */
  observer_checkpoint: { request: ObserverCheckpoint; response: SeenCheckpoint };
  /** Takes files that a step asked for. */
  observer_provide: { request: ObserverProvide; response: null };
  /** Goes on as far as possible; at most about a thousand entries are checked. */
  observer_step: { request: ObserverStep; response: ObserverState };
  /** Takes a helper's answer. */
  observer_vouch: { request: ObserverVouch; response: null };
  /** The numbered checks so far. */
  observer_report: { request: ObserverReport; response: ObserverReportView };
  /** What happened in the record, ballots left out. */
  observer_events: { request: ObserverEvents; response: Timeline };
  /** Turnout and results so far. */
  observer_results: { request: ObserverResults; response: RecordResults };
  /** Compares a root from elsewhere. */
  observer_compare: { request: ObserverCompare; response: ComparedRoot };
  /** Checkpoints that are still to be compared. */
  observer_unconfirmed: { request: ObserverUnconfirmed; response: UnconfirmedCheckpoints };
  /** What helpers need to know, once there is a joint key. */
  verifier_setup: { request: VerifierSetup; response: HelperSetup | null };
  /** Makes a helper, in a worker of its own. */
  verifier_new: { request: VerifierNew; response: NewVerifier };
  /** Verifies proofs for an observer. */
  verifier_job: { request: VerifierJob; response: JobDone };
  /** Spells a root as words. */
  observer_words: { request: ObserverWords; response: RootWords };
}

/** Numbers of the operations. */
export const operationNumbers = {
  read_manifest: 1,
  open_election: 2,
  check_voting_code: 3,
  enter_credential: 4,
  encrypt: 5,
  cast: 6,
  challenge: 7,
  check_opening: 8,
  verify_acknowledgement: 9,
  verify_receipt: 10,
  open_checkpoint: 11,
  destroy: 12,
  observer_new: 20,
  observer_checkpoint: 21,
  observer_provide: 22,
  observer_step: 23,
  observer_vouch: 24,
  observer_report: 25,
  observer_events: 26,
  observer_results: 27,
  observer_compare: 28,
  observer_unconfirmed: 33,
  verifier_setup: 29,
  verifier_new: 30,
  verifier_job: 31,
  observer_words: 32,
} as const satisfies Record<keyof Operations, number>;
