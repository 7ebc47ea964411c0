// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';

import { session } from '../../api/session';
import type { Changed, Dossier, Nexts } from '../../api/types';
import { Choice, Form, TextField } from '../../parts/form';
import { Person } from '../../parts/person';
import { UnitChoice } from '../../parts/unit-choice';
import { UnitLink } from '../../parts/unit-link';
import { useChange } from '../../parts/use-change';
import { formatTime, today } from '../../words/format';
import { say } from '../../words/words';
import type { Done } from './next';

/** The unit that the reader speaks for. */
function ownUnit(): string {
	return session.value?.roles.find((role) => role.unit)?.unit ?? '';
}

function OpinionForm({ path, rev, onDone }: { path: string; rev: number; onDone: (done: Done) => void }) {
	const change = useChange<Changed<Dossier>>();
	const [unit, setUnit] = useState(ownUnit());
	const [agree, setAgree] = useState('');
	const [text, setText] = useState('');

	async function send() {
		const body = {
			text: text.trim(),
			...(unit !== '' && { unit }),
			...(agree !== '' && { agree: agree === 'yes' }),
		};
		const answer = await change.run('POST', `${path}/opinions`, body, rev);

		if (answer) {
			setText('');
			setAgree('');
			onDone({ text: say('opinions.done'), receipt: answer.receipt });
		}
	}

	return (
		<div class="unprinted" id="cho-y-kien">
			<h3>{say('opinions.give')}</h3>
			<Form
				label={say('opinions.give')}
				doing={say('opinions.send')}
				isBusy={change.isBusy}
				problem={change.problem}
				onSend={() => void send()}
			>
				<UnitChoice label={say('opinions.unit')} name="unit" value={unit} onPick={setUnit} />
				<Choice
					label={say('opinions.agree')}
					name="agree"
					value={agree}
					none={say('opinions.neither')}
					options={[
						{ value: 'yes', text: say('opinions.yes') },
						{ value: 'no', text: say('opinions.no') },
					]}
					onPick={setAgree}
				/>
				<TextField label={say('opinions.text')} name="text" lines={4} isRequired value={text} onType={setText} />
			</Form>
		</div>
	);
}

export function Opinions({ dossier, nexts, path, onDone }: {
	dossier: Dossier;
	nexts: Nexts | undefined;
	path: string;
	onDone: (done: Done) => void;
}) {
	const gives = nexts?.acts.includes('dossier.opinion') ?? false;

	if (!dossier.opinions?.length && !gives) {
		return null;
	}
	return (
		<section class={dossier.opinions?.length ? undefined : 'unprinted'}>
			<h2>{say('opinions')}</h2>
			<ul class="plain">
				{dossier.opinions?.map((opinion, i) => (
					<li key={i} class="file">
						<p>
							<Person id={opinion.by} />
							{opinion.unit && (
								<>
									{' · '}
									<UnitLink id={opinion.unit} day={today()} />
								</>
							)}{' '}
							<span class="hint">{formatTime(opinion.at)}</span>
							{opinion.agree !== undefined &&
								` · ${say(opinion.agree ? 'opinions.yes' : 'opinions.no')}`}
						</p>
						<p>{opinion.text}</p>
					</li>
				))}
			</ul>
			{gives && <OpinionForm path={path} rev={nexts!.rev} onDone={onDone} />}
		</section>
	);
}
