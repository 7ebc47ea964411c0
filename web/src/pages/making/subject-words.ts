// SPDX-License-Identifier: Apache-2.0
import { nameOf } from '../../api/laws';
import type { Proposal, Subject } from '../../api/types';
import { whomOf } from '../../parts/whom';
import { say, sayCode } from '../../words/words';

/** "cá nhân, người lao động trực tiếp, nữ". */
export function traitsOf(subject: Subject): string {
	return [
		sayCode('subject', subject.kind),
		subject.cadre && sayCode('attribute', subject.cadre),
		subject.woman && say('attribute.woman'),
		subject.ethnic_minority && say('attribute.ethnic_minority'),
	]
		.filter(Boolean)
		.join(', ');
}

/** "Bằng khen – Y Bình (cá nhân, nữ)". */
export function wordsOf(proposal: Proposal): string {
	return `${nameOf('awards', proposal.award)} – ${whomOf(proposal.subject)} (${traitsOf(proposal.subject)})`;
}
