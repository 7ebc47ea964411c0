// SPDX-License-Identifier: Apache-2.0
//
// What this browser finds in a receipt or container, without trusting the
// server: only the log's key comes from there, and the reader may bring it
// from elsewhere.
import { useEffect, useState } from 'preact/hooks';

import { getFile, type Problem } from '../../api/client';
import { Waiting } from '../../parts/answered';
import { ProblemBox } from '../../parts/problem';
import { problemOf } from '../../parts/use-answer';
import { canCheck, checkFile } from '../../proof/check';
import { FindingsList, isGood } from '../../proof/findings-list';
import type { Checked } from '../../proof/worker';
import { formatSize } from '../../words/format';
import { say, sayCode } from '../../words/words';

/** What is never checked here, by the kind of file. */
const left = { container: ['trust', 'revoked', 'time', 'lists'], receipt: ['witness', 'whose-key'] } as const;
const commands = {
	container: 'hoso verify FILE.asice --trust anchors.pem --key log.vkey',
	receipt: 'hoso verify-receipt FILE.json --key log.vkey',
};

interface State {
	key: string;
	checked?: Checked;
	problem?: Problem;
	done?: number;
	total?: number;
}

function useCheck(kind: 'container' | 'receipt', content: Blob, given: string): State {
	const [state, setState] = useState<State>({ key: given });

	useEffect(() => {
		const stop = new AbortController();
		const set = (next: State) => stop.signal.aborted || setState(next);

		async function check() {
			const key = given || (await (await getFile('/audit/key')).text()).trim();

			set({ key });
			const progress = (done: number, total: number) => set({ key, done, total });
			const checked = await checkFile(kind, content, key, { signal: stop.signal, progress });

			set({ key, checked });
		}
		setState({ key: given });
		check().catch((thrown: unknown) => set({ key: given, problem: problemOf(thrown) }));
		return () => stop.abort();
	}, [kind, content, given]);
	return state;
}

function Progress({ state }: { state: State }) {
	if (state.total === undefined) {
		return <Waiting />;
	}
	return (
		<p>
			<label>
				{say('proof.progress', { done: formatSize(state.done!), total: formatSize(state.total) })}
				<progress class="proof-bar" value={state.done} max={state.total} />
			</label>
		</p>
	);
}

/** Which key the log is taken by; the reader may bring it from elsewhere. */
function KeyForm({ used, given, onKey }: { used: string; given: string; onKey: (key: string) => void }) {
	return (
		<details class="verify-key" open={given !== ''}>
			<summary>{say(given === '' ? 'proof.key.server' : 'proof.key.yours')}</summary>
			<p>{say('proof.key.why')}</p>
			<form
				class="filters"
				onSubmit={(event) => {
					event.preventDefault();
					onKey(String(new FormData(event.currentTarget).get('key')).trim());
				}}
			>
				<div class="field verify-key-field">
					<label for="log-key">{say('proof.key')}</label>
					<input id="log-key" name="key" maxLength={400} spellcheck={false} value={given || used} />
				</div>
				<button type="submit">{say('proof.key.use')}</button>
			</form>
		</details>
	);
}

function Proved({ kind, checked }: { kind: 'container' | 'receipt'; checked: Checked }) {
	const good = isGood(checked);

	return (
		<div class={`note ${good ? 'note-good' : 'note-bad'} verify-found`}>
			<h3>{say(good ? 'proof.good' : 'proof.bad')}</h3>
			<FindingsList checked={checked} />
			{checked.leaf && (
				<>
					<p class="hint">{say('proof.leaf', { entry: checked.entry ?? '' })}</p>
					<pre>
						<code>{checked.leaf}</code>
					</pre>
				</>
			)}
			<details open={good}>
				<summary>{say('proof.left')}</summary>
				<ul>
					{left[kind].map((what) => (
						<li key={what}>{sayCode('left', what)}</li>
					))}
				</ul>
				<pre>
					<code>{commands[kind]}</code>
				</pre>
			</details>
		</div>
	);
}

export function BrowserCheck({ kind, content }: { kind: 'container' | 'receipt'; content: Blob }) {
	const [given, setGiven] = useState('');
	const state = useCheck(kind, content, given);

	if (!canCheck()) {
		return <p class="note">{say('proof.unable')}</p>;
	}
	return (
		<section class="verify-browser">
			<h2>{say('proof.here')}</h2>
			<div aria-live="polite">
				{state.problem ? (
					<ProblemBox problem={state.problem} />
				) : state.checked ? (
					<Proved kind={kind} checked={state.checked} />
				) : (
					<Progress state={state} />
				)}
			</div>
			<KeyForm key={state.key} used={state.key} given={given} onKey={setGiven} />
		</section>
	);
}
