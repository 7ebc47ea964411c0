// SPDX-License-Identifier: Apache-2.0
//
// What the server answers, as far as the pages read it: docs/records.md and
// docs/openapi.yaml have the whole.

/** YYYY-MM-DD. */
export type Day = string;
/** UTC microseconds since 1970. */
export type Micros = number;
export type Span = { from?: Day; to?: Day };

export interface Session {
	user: { id: string; login: string; name: string };
	roles: { role: string; name: string; english?: string; unit?: string; unit_name?: string; works?: boolean }[];
	/** What these roles may do to anything at all. */
	acts: string[];
	csrf?: string;
}

/** What proves that a change stands in the log: docs/integrator.md. */
export interface Receipt {
	index: number;
	leaf: unknown;
	proof: unknown;
	checkpoint: string;
}

/** The answer to a change. */
export interface Changed<T> {
	id: string;
	kind: string;
	rev: number;
	record: T;
	receipt: Receipt;
}

/** A unit as lists show it. */
export interface UnitRow extends Span {
	id: string;
	kind: string;
	name: string;
	place: string;
}

/** A row of the tree, with the number of units below it by each relation. */
export interface TreeRow extends UnitRow {
	below: { adm?: number; sector?: number; member?: number };
}

export interface UnitPage {
	units: TreeRow[];
	/** The page behind it begins after this unit. */
	next?: string;
}

/** A unit that was found, with those it lies in, from the top down. */
export interface FoundUnit extends UnitRow {
	above: string[];
}

export interface Unit extends Span {
	id: string;
	kind: string;
	names: (Span & { name: string; short?: string })[];
	aliases?: string[];
	note?: string;
	parents?: (Span & { relation: string; unit: string })[];
	codes?: (Span & { system: string; code: string })[];
}

export interface Reorganisation {
	id: string;
	kind: string;
	date: Day;
	document?: string;
	predecessors: string[];
	successors: string[];
	/** What they were called the day before, and on the day. */
	predecessor_names: string[];
	successor_names: string[];
}

export interface UnitHistory {
	unit: Unit;
	events: Reorganisation[];
	heirs: UnitRow[];
	names: Record<string, string>;
	/** Where it was dissolved without heirs: what came of all that it held. */
	below?: { events: Reorganisation[]; heirs: UnitRow[] };
}

export interface DossierRow {
	id: string;
	title: string;
	date: Day;
	status: string;
	unit: string;
	unit_name: string;
	/** What stands for it today, in words. */
	now?: string;
}

export interface DossierList {
	dossiers: DossierRow[];
	hidden?: number;
	next?: string;
}

/** A dossier that waits for the reader. */
export interface WorkRow {
	id: string;
	title: string;
	unit: string;
	unit_name: string;
	now?: string;
	since: Micros;
}

/** Those that wait for one of his roles in one status. */
export interface WorkGroup {
	role: string;
	unit?: string;
	unit_name?: string;
	status: string;
	steps: string[];
	acts: string[];
	/** Of what the reader made himself alone, whatever unit it is of. */
	mine?: boolean;
	count?: number;
	more?: boolean;
	next?: string;
	dossiers: WorkRow[];
}

export interface WorkList {
	groups: WorkGroup[];
}

/** What the reader may do with a dossier. */
export interface NextStep {
	act: 'dossier.step' | 'decision.new' | 'package.seal';
	reason: boolean;
	role: string;
	to: string;
}

export interface Nexts {
	acts: string[];
	rev: number;
	steps: NextStep[];
}

export interface Ballot {
	award: string;
	subject: Subject;
	members: number;
	present: number;
	yes: number;
	no: number;
	written_yes?: number;
	written_no?: number;
	/** What it comes to, where there is a rule for the award. */
	in_favour?: number;
	needed?: number;
	required?: boolean;
	carried?: boolean;
	percent?: number;
	base?: 'all_members' | 'present';
}

export interface Signer {
	name?: string;
	position?: string;
	/** "KT": how the signature stands for the office. */
	mode?: string;
}

export interface Recipient {
	name: string;
	purpose?: string;
}

/** What a document rests on, changes or answers: one of ours, or by its number. */
export interface Citation {
	document?: string;
	reference?: string;
	date?: Day | Span;
	issuer?: string;
	relation: string;
	note?: string;
}

/** A document that cites another. */
export interface CitingRow {
	id: string;
	kind: string;
	reference?: string;
	date?: Day | Span;
	subject: string;
	issuer_name?: string;
	/** What it says of the other; one without `document` names its number alone. */
	citations: Citation[];
}

export interface CitingList {
	documents: CitingRow[];
	hidden?: number;
	next?: string;
}

export interface DocumentRecord {
	id: string;
	rev: number;
	/** Who made this revision. */
	by: string;
	kind: string;
	reference?: string;
	date?: Day | Span;
	subject?: string;
	issuer?: { unit?: string; name?: string };
	signer?: Signer;
	addressee?: string;
	place?: string;
	recipients?: Recipient[];
	citations?: Citation[];
	attachments?: Attachment[];
}

export interface Decision {
	id: string;
	document: string;
	date: Day | Span;
	issuer: string;
	dossier?: string;
	basis?: string;
}

/** A decision as a search shows it. */
export interface DecisionRow {
	id: string;
	reference?: string;
	subject?: string;
	date: Day | Span;
	issuer: string;
	issuer_name?: string;
	dossier?: string;
}

export interface Grant {
	id: string;
	rev: number;
	award: string;
	subject: Subject;
	unit: string;
	state: 'granted' | 'revoked';
	revocation?: { document?: string; date: Day; reason: string };
}

export interface GrantList {
	grants: Grant[];
	names: Record<string, string>;
	revocable: boolean;
}

export interface Attachment {
	name: string;
	size: number;
	sha256: string;
}

export interface Subject {
	kind: string;
	name?: string;
	count?: number;
	unit?: string;
	/** `direct_worker` or the level of a leader. */
	cadre?: string;
	woman?: boolean;
	ethnic_minority?: boolean;
}

export interface Proposal {
	award: string;
	subject: Subject;
}

export interface Step {
	status: string;
	at: Micros;
	by: string;
	role: string;
	reason?: string;
}

export interface Seal {
	state: string;
	at: Micros;
	sha256?: string;
	size?: number;
	level?: string;
	stamped_at?: Micros;
}

export interface Dossier {
	id: string;
	rev: number;
	/** Who made this revision. */
	by: string;
	kind: string;
	title: string;
	unit: string;
	date: Day | Span;
	code?: string;
	period?: Span;
	status: string;
	procedure?: string;
	awards?: Proposal[];
	components?: { code: string; attachment: Attachment }[];
	steps: Step[];
	opinions?: { by: string; at: Micros; unit?: string; text: string; agree?: boolean }[];
	votes?: unknown[];
	decision?: string;
	seal?: Seal;
}

/** A component that the law demands and that is not there. */
export interface Missing {
	code: string;
	name: string;
	/** The decree and its article. */
	source?: string;
}

/** A component that the law demands; of `or` one is enough. */
export interface Demand {
	code: string;
	name: string;
	or?: Demand[];
	/** In which case it is due. */
	text?: string;
}

/** What the law demands where an award is proposed. */
export interface Demands {
	award: string;
	set_name?: string;
	/** The decree and its article. */
	source: string;
	demands: Demand[];
	conditional: Demand[];
}

export interface Finding {
	grade: string;
	vietnamese: string;
	english: string;
}

export interface Signature {
	place: string;
	countersigns?: string;
	indication: string;
	proven_at?: Micros;
	claimed_at?: Micros;
	signer?: { subject: string };
}

/** A file with what is known of its signatures. */
export interface Examined {
	sha256: string;
	state: 'examined' | 'proving' | 'waiting' | 'none';
	reason?: string;
	examination?: {
		signatures?: Signature[];
		findings: Finding[];
	};
}

/** Does the archive hold exactly this? */
export interface Held {
	held: boolean;
	kind?: 'container' | 'file' | 'decision' | 'receipt';
	since?: Micros;
}

/** A role that somebody has, for a unit and for a time. */
export interface Binding extends Span {
	role: string;
	unit?: string;
}

export interface User {
	id: string;
	rev: number;
	login: string;
	name: string;
	roles?: Binding[];
	disabled?: boolean;
	/** When it got its last password. */
	password_at?: Micros;
}

export interface Token {
	id: string;
	rev: number;
	name: string;
	scopes: string[];
	expires: Day;
	at: Micros;
	revoked?: Micros;
}

export interface System {
	version: string;
	started: Micros;
	log_entries: number;
	disk?: { free: number; size: number };
	store: { broken: boolean; map_bytes: number; map_used_bytes: number };
	workers: { busy: number; count: number; waiting: number };
}

/** Why something was not done, as the log has it and in Vietnamese. */
export interface Reasoned {
	reason?: string;
	vietnamese?: string;
}

export interface Job extends Reasoned {
	kind: string;
	id: string;
	/** "dossier/ID" */
	for: string;
	due: boolean;
	since?: Micros;
	tries?: number;
	next?: Micros;
}

export interface BackupNote extends Reasoned {
	at: Micros;
	good: boolean;
	took_us?: number;
	entries?: number;
	place?: string;
	made_at?: Micros;
	lost_entries?: number;
	findings?: number;
	restore_us?: number;
}

export interface Backups {
	backups: BackupNote[];
	drills: BackupNote[];
	log_entries: number;
	unreadable: number;
}

export interface Fixity {
	bytes: number;
	damaged: number;
	findings: { code: string; where: string; found_at: Micros; harmed: string[]; harmed_more: number }[];
	last_ended: Micros;
	oldest_unchecked: Micros;
	pass_began: Micros;
	canary_found: Micros;
	canary_missed: boolean;
}

export interface EvidencePlan {
	containers: number;
	waiting: number;
	lost: number;
	authorities: { authority: string; key: string; containers: number; renew_at: Micros; until: Micros }[];
	digests: { digest: string; containers: number; renew_at?: Micros; until?: Micros }[];
	keys: { key: string; containers: number; until?: Micros }[];
	signers: { sha256: string; subject?: string; containers: number; until?: Micros }[];
	run: EvidenceRun;
}

export interface EvidenceRun extends Reasoned {
	under_way: boolean;
	/** When the last one that went well began. */
	ran?: Micros;
	/** When the newest one failed. */
	failed?: Micros;
	taken?: number;
	rehashed?: number;
	restamped?: number;
}

export interface EvidenceRisk {
	containers: number;
	falls: number;
	lost: number;
	dossiers: string[];
}

export interface Witnesses {
	needed: number;
	size: number;
	witnesses: { name: string; url?: string; size: number; at?: Micros; problem: string }[];
}

export interface Sinks {
	log_entries: number;
	sinks: { sink: string; behind: number; failures: number }[];
}

export interface RuleFiles {
	files: { file: string; local: boolean; sha256: string; size: number; title?: string }[];
	tables: { table: string; file: string; list?: string; rows: number; days: Day[] }[];
}

interface Offer {
	name: string;
}

export interface Plugins {
	plugins: {
		name: string;
		version?: string;
		file: string;
		sha256: string;
		reports?: Offer[];
		formats?: Offer[];
		rankings?: Offer[];
		sinks?: Offer[];
		confined?: { landlock?: boolean | number; seccomp?: boolean };
	}[];
	refused: ({ file: string; again?: boolean } & Reasoned)[];
}
