// SPDX-License-Identifier: Apache-2.0
//
// What a check in the browser finds, by the names that `hoso verify` has for
// the same (docs/archive-format.md), and how it refuses what it cannot read.

export type Grade = 'proved' | 'noted' | 'doubted' | 'failed';

/** Each by its grade; a sentence for each stands in words/. */
const grades = {
	'structure.ok': 'proved',
	'structure.broken': 'failed',
	'structure.loose': 'noted',
	'structure.altered': 'failed',
	'mimetype.wrong': 'failed',
	'container.kind': 'doubted',
	'manifest.missing': 'failed',
	'manifest.broken': 'failed',
	'files.intact': 'proved',
	'file.changed': 'failed',
	'file.missing': 'failed',
	'file.unprotected': 'failed',
	'file.unreadable': 'failed',
	'file.unexamined': 'doubted',
	'digest.weak': 'doubted',
	'list.broken': 'failed',
	'list.differs': 'failed',
	'lists.agree': 'proved',
	'signature.valid': 'proved',
	'signature.missing': 'failed',
	'signature.broken': 'failed',
	'signature.false': 'failed',
	'signature.unproved': 'failed',
	'signature.unexamined': 'doubted',
	'signer': 'noted',
	'time.claimed': 'noted',
	'timestamp.covers': 'doubted',
	'timestamp.missing': 'failed',
	'timestamp.false': 'failed',
	'timestamp.unexamined': 'doubted',
	'evidence.unchecked': 'noted',
	'receipt.broken': 'failed',
	'receipt.logged': 'proved',
	'receipt.not-logged': 'failed',
	'checkpoint.valid': 'proved',
	'checkpoint.false': 'failed',
	'checkpoint.unexamined': 'doubted',
	'receipts.logged': 'proved',
	'receipts.missing': 'doubted',
	'receipts.unchecked': 'doubted',
	'records.logged': 'proved',
	'record.unlogged': 'failed',
} as const satisfies Record<string, Grade>;

export type Code = keyof typeof grades;

export interface Finding {
	code: Code;
	grade: Grade;
	/** The file of the container that it is about; '' for all of it. */
	member: string;
	/** The name of a sentence (words/: `why.…`) that says why; or ''. */
	why: string;
	/** Figures and names; no sentence. */
	detail: string;
}

const FINDINGS_MAX = 2000;

/** What cannot be read, and why: the name of a sentence. */
export class Broken extends Error {
	readonly why: string;
	readonly detail: string;
	member: string;

	constructor(why: string, detail = '', member = '') {
		super(`${why} ${detail}`);
		this.why = why;
		this.detail = detail;
		this.member = member;
	}
}

export class Findings {
	readonly list: Finding[] = [];
	/** Said, though there was no room for more. */
	leftOut = 0;
	failed = 0;

	add(code: Code, member = '', detail = '', why = ''): void {
		const grade = grades[code];

		if (grade === 'failed') {
			this.failed++;
		}
		if (this.list.length >= FINDINGS_MAX) {
			this.leftOut++;
		} else {
			this.list.push({ code, grade, member, why, detail });
		}
	}

	/** What was thrown: a refusal of ours is a finding, all else goes on up. */
	addThrown(code: Code, thrown: unknown, member = ''): void {
		if (!(thrown instanceof Broken)) {
			throw thrown;
		}
		this.add(code, thrown.member || member, thrown.detail, thrown.why);
	}
}
