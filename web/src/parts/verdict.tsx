// SPDX-License-Identifier: Apache-2.0
import type { Examined, Finding, Signature } from '../api/types';
import { formatTime } from '../words/format';
import { say, sayCode, spoken } from '../words/words';

const tones: Record<string, string> = {
	'TOTAL-PASSED': 'good',
	'TOTAL-FAILED': 'bad',
	INDETERMINATE: 'open',
};

/** "Lê Thị Sáu, UBND xã Thọ Xuân" of "CN=Lê Thị Sáu,O=UBND xã Thọ Xuân,C=VN". */
function signerOf(subject: string): string {
	const parts = ['CN', 'O'].flatMap((kind) => {
		const found = new RegExp(`(?:^|,)${kind}=((?:\\\\.|[^,\\\\])*)`).exec(subject);

		return found ? [found[1]!.replace(/\\(.)/g, '$1')] : [];
	});

	return parts.join(', ') || subject;
}

/** What proves its time, else what it says of itself. */
function timeOf(signature: Signature): string {
	if (signature.proven_at) {
		return say('verdict.proven', { time: formatTime(signature.proven_at) });
	}
	return signature.claimed_at ? say('verdict.claimed', { time: formatTime(signature.claimed_at) }) : '';
}

function sentence(finding: Finding): string {
	return spoken(finding.vietnamese, finding.english);
}

/** What the server found in a file: each signature in words, and why. */
export function Verdict({ examined }: { examined: Examined }) {
	const { state, examination, reason } = examined;

	if (state === 'waiting') {
		return (
			<p class="hint">
				{say('verdict.waiting')} {reason}
			</p>
		);
	}
	if (!examination) {
		return <p class="hint">{say('verdict.none')}</p>;
	}
	return (
		<div class="verdict">
			{examination.signatures?.map((signature) => (
				<p key={signature.place}>
					<span class={`badge badge-${tones[signature.indication] ?? 'open'}`}>
						{sayCode('verdict', signature.indication)}
					</span>{' '}
					{signature.signer && signerOf(signature.signer.subject)}{' '}
					<span class="hint">
						{signature.countersigns && say('verdict.countersigns', { place: signature.countersigns })}{' '}
						{timeOf(signature)}
					</span>
				</p>
			))}
			{state === 'proving' && (
				<p class="hint">
					{say('verdict.proving')} {reason}
				</p>
			)}
			{examination.findings.length > 0 && (
				<details>
					<summary>{say('verdict.findings', { count: examination.findings.length })}</summary>
					<ul>
						{examination.findings.map((finding, i) => (
							<li key={i} class={`finding finding-${finding.grade}`}>
								<strong>{sayCode('grade', finding.grade)}</strong> {sentence(finding)}
							</li>
						))}
					</ul>
				</details>
			)}
		</div>
	);
}
