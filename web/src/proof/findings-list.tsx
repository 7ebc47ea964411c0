// SPDX-License-Identifier: Apache-2.0
//
// What was found, in words: what is wrong first, then the rest.
import './proof.css';

import { formatTime } from '../words/format';
import { say, sayCode } from '../words/words';
import type { Finding, Grade } from './findings';
import type { Checked } from './worker';

const order: Grade[] = ['failed', 'proved', 'doubted', 'noted'];

function detailOf({ code, detail }: Finding): string {
	return (code === 'time.claimed' || code === 'timestamp.covers') && detail !== ''
		? formatTime(Number(detail))
		: detail;
}

function Row({ finding }: { finding: Finding }) {
	const more = [finding.why && sayCode('why', finding.why), detailOf(finding)].filter(Boolean).join(' – ');

	return (
		<li class={`finding finding-${finding.grade}`}>
			<strong>{sayCode('grade', finding.grade)}</strong> {sayCode('found', finding.code)}
			{more && ` (${more})`}
			{finding.member && <code class="finding-member">{finding.member}</code>}
		</li>
	);
}

export function isGood(checked: Checked): boolean {
	return !checked.findings.some((finding) => finding.grade === 'failed');
}

export function FindingsList({ checked }: { checked: Checked }) {
	const sorted = order.flatMap((grade) => checked.findings.filter((finding) => finding.grade === grade));

	return (
		<>
			<ul class="plain findings">
				{sorted.map((finding, i) => (
					<Row key={i} finding={finding} />
				))}
			</ul>
			{checked.leftOut > 0 && <p class="hint">{say('proof.left-out', { count: checked.leftOut })}</p>}
		</>
	);
}
