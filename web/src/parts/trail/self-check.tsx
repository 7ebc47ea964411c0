// SPDX-License-Identifier: Apache-2.0
//
// The receipt of an act, and its proof by this browser: the record has the
// digest that the entry names, the entry is in the log, the log is signed.
import { useEffect, useState } from 'preact/hooks';

import { addressOf, getFile, type Problem } from '../../api/client';
import { Waiting } from '../answered';
import { ProblemBox } from '../problem';
import { problemOf } from '../use-answer';
import { canCheck, checkFile, sumOf } from '../../proof/check';
import { FindingsList, isGood } from '../../proof/findings-list';
import type { Checked } from '../../proof/worker';
import { say } from '../../words/words';
import type { Revision } from './trail';

interface Proof {
	checked: Checked;
	/** The record's bytes have the digest that the entry names. */
	fits: boolean;
	sha256: string | undefined;
}

/** What is to be proved, and where it is had. */
interface Claim {
	revision: Revision;
	receipt: string;
	/** Of the record's bytes; absent where they are not had alone. */
	record: string | undefined;
}

/** Does the entry say that this record's revision has this digest? */
function names(leaf: string | undefined, { object, rev }: Revision, sha256?: string): boolean {
	const event = Object(leaf === undefined ? null : JSON.parse(leaf)) as { also?: unknown };

	return [event, ...(Array.isArray(event.also) ? event.also : [])].some(
		(one) => one.object === object && one.rev === rev && (sha256 === undefined || one.sha256 === sha256),
	);
}

async function prove(claim: Claim, signal: AbortSignal): Promise<Proof> {
	const [key, receipt, record] = await Promise.all([
		getFile('/audit/key').then((file) => file.text()),
		getFile(claim.receipt),
		claim.record === undefined ? undefined : getFile(claim.record),
	]);
	const checked = await checkFile('receipt', receipt, key.trim(), { signal });
	const sha256 = record && (await sumOf(record, { signal }));

	return { checked, sha256, fits: names(checked.leaf, claim.revision, sha256) };
}

function Proved({ proof }: { proof: Proof }) {
	const good = proof.fits && isGood(proof.checked);

	return (
		<div class={`note ${good ? 'note-good' : 'note-bad'}`} role="status">
			<p>
				<strong>{say(good ? 'trail.good' : 'proof.bad')}</strong>
			</p>
			<ul class="plain findings">
				<li class={`finding finding-${proof.fits ? 'proved' : 'failed'}`}>
					<strong>{say(proof.fits ? 'grade.proved' : 'grade.failed')}</strong>{' '}
					{say(!proof.fits ? 'trail.differs' : proof.sha256 ? 'trail.fits' : 'trail.named')}
					{proof.sha256 && <code class="finding-member">{proof.sha256}</code>}
				</li>
			</ul>
			<FindingsList checked={proof.checked} />
		</div>
	);
}

/** The same by plain commands, for whoever believes no page. */
function Commands({ revision: { rev, entry }, record }: Claim) {
	const commands = [
		`hoso verify-receipt bien-nhan-${entry}.json --key log.vkey`,
		record && `sha256sum ban-${rev}.json`,
		`jq -j .leaf bien-nhan-${entry}.json`,
		`{ printf '\\000'; jq -j .leaf bien-nhan-${entry}.json; } | sha256sum`,
	].filter(Boolean).join('\n');
	const [isCopied, setCopied] = useState(false);

	return (
		<details>
			<summary>{say('trail.commands')}</summary>
			<p class="hint">{say('trail.commands.what')}</p>
			<p>
				{record && (
					<>
						<a href={addressOf(record)} download={`ban-${rev}.json`}>
							{say('trail.record', { rev })}
						</a>
						{' · '}
					</>
				)}
				<a href={addressOf('/audit/key')} download="log.vkey">
					{say('proof.key')}
				</a>
			</p>
			<pre>
				<code>{commands}</code>
			</pre>
			{navigator.clipboard && (
				<button
					type="button"
					onClick={() => void navigator.clipboard.writeText(commands).then(() => setCopied(true))}
				>
					{say(isCopied ? 'trail.copied' : 'trail.copy')}
				</button>
			)}
		</details>
	);
}

function useProof(claim: Claim) {
	const [under, setUnder] = useState<AbortController>();
	const [proof, setProof] = useState<Proof>();
	const [problem, setProblem] = useState<Problem>();

	useEffect(() => () => under?.abort(), [under]);

	function run() {
		const stop = new AbortController();

		setUnder(stop);
		setProof(undefined);
		setProblem(undefined);
		prove(claim, stop.signal).then(
			(made) => stop.signal.aborted || setProof(made),
			(thrown: unknown) => stop.signal.aborted || setProblem(problemOf(thrown)),
		);
	}
	return { isWaiting: under !== undefined && !proof && !problem, proof, problem, run };
}

export function SelfCheck(claim: Claim) {
	const { revision } = claim;
	const { isWaiting, proof, problem, run } = useProof(claim);

	if (revision.leaf === undefined) {
		return <p class="hint">{say('trail.others', { entry: revision.entry })}</p>;
	}
	return (
		<>
			<p class="trail-proof">
				<span>{say('receipt.entry', { index: revision.entry })}</span>
				<a
					href={addressOf(claim.receipt)}
					download={`bien-nhan-${revision.entry}.json`}
				>
					{say('receipt.keep')}
				</a>
				{canCheck() && (
					<button type="button" onClick={run}>
						{say('trail.check')}
					</button>
				)}
			</p>
			{problem && <ProblemBox problem={problem} again={run} />}
			{proof && <Proved proof={proof} />}
			{isWaiting && <Waiting />}
			<Commands {...claim} />
		</>
	);
}
