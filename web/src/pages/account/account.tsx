// SPDX-License-Identifier: Apache-2.0
//
// One's own account: who one is, the password, where one is logged in, tokens.
import { useState } from 'preact/hooks';

import { leave, logOutEverywhere, session, takeSession } from '../../api/session';
import type { Session } from '../../api/types';
import { Confirm } from '../../parts/dialog';
import { Form, TextField } from '../../parts/form';
import { Title } from '../../parts/title';
import { useChange } from '../../parts/use-change';
import { problemOf } from '../../parts/use-answer';
import type { Problem } from '../../api/client';
import { go } from '../../shell/address';
import { say } from '../../words/words';
import { Tokens } from './tokens';

function Roles({ entered }: { entered: Session }) {
	return (
		<dl class="facts">
			<dt>{say('user.name')}</dt>
			<dd>{entered.user.name}</dd>
			<dt>{say('user.login')}</dt>
			<dd>{entered.user.login}</dd>
			<dt>{say('user.roles')}</dt>
			<dd>
				<ul class="plain">
					{entered.roles.map((binding, i) => (
						<li key={i}>
							{binding.name}
							{binding.unit && (
								<>
									{': '}
									<a href={`/don-vi/${encodeURIComponent(binding.unit)}`}>
										{binding.unit_name ?? binding.unit}
									</a>
								</>
							)}
						</li>
					))}
				</ul>
			</dd>
		</dl>
	);
}

function Password() {
	const [current, setCurrent] = useState('');
	const [password, setPassword] = useState('');
	const [again, setAgain] = useState('');
	const change = useChange<Session>();
	const differs = again !== '' && again !== password;

	async function renew() {
		if (differs) {
			return;
		}
		const entered = await change.run('PUT', '/session/password', { current, password });

		if (entered) {
			takeSession(entered); // the old log-in has ended, this one goes on
			setCurrent('');
			setPassword('');
			setAgain('');
		}
	}

	return (
		<section class="narrow">
			<h2>{say('account.password')}</h2>
			<p class="hint">{say('account.password.what')}</p>
			{change.done && <p role="status">{say('account.password.done')}</p>}
			<Form
				label={say('account.password')}
				doing={say('account.password.do')}
				isBusy={change.isBusy}
				problem={change.problem}
				onSend={() => void renew()}
			>
				<TextField
					label={say('account.password.current')}
					name="current"
					value={current}
					isSecret
					isRequired
					autocomplete="current-password"
					onType={setCurrent}
				/>
				<TextField
					label={say('password.new')}
					name="password"
					value={password}
					hint={say('account.password.form')}
					isSecret
					isRequired
					autocomplete="new-password"
					onType={setPassword}
				/>
				<TextField
					label={say('account.password.again')}
					name="again"
					value={again}
					isSecret
					isRequired
					autocomplete="new-password"
					onType={setAgain}
				/>
				{differs && (
					<p class="wrong" role="alert">
						{say('account.password.differs')}
					</p>
				)}
			</Form>
		</section>
	);
}

function Everywhere() {
	const [isAsked, setAsked] = useState(false);
	const [problem, setProblem] = useState<Problem>();

	async function end() {
		try {
			await logOutEverywhere();
			go('/dang-nhap');
			leave();
		} catch (thrown) {
			setProblem(problemOf(thrown));
		}
	}

	return (
		<section>
			<h2>{say('account.everywhere')}</h2>
			<p class="hint">{say('account.everywhere.what')}</p>
			<button type="button" onClick={() => setAsked(true)}>
				{say('account.everywhere.do')}
			</button>
			{isAsked && (
				<Confirm
					title={say('account.everywhere.ask')}
					doing={say('account.everywhere.do')}
					problem={problem}
					onDo={() => void end()}
					onClose={() => setAsked(false)}
				/>
			)}
		</section>
	);
}

export default function Account() {
	const entered = session.value;

	return (
		<>
			<Title text={say('account.title')} />
			{entered && (
				<>
					<Roles entered={entered} />
					<Password />
					<Everywhere />
					<Tokens roles={entered.roles.map((binding) => binding.role)} />
				</>
			)}
		</>
	);
}
