// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';

import { Problem } from '../../api/client';
import { logIn, session } from '../../api/session';
import { Form, TextField } from '../../parts/form';
import { Title } from '../../parts/title';
import { go, ownPath, query } from '../../shell/address';
import { say } from '../../words/words';

export default function LogIn() {
	const [login, setLogin] = useState('');
	const [password, setPassword] = useState('');
	const [problem, setProblem] = useState<Problem>();
	const [isBusy, setBusy] = useState(false);

	useEffect(() => {
		if (session.value) {
			go(ownPath(query('aim')), true);
		}
	}, [session.value]);

	async function enter() {
		setBusy(true);
		setProblem(undefined);
		try {
			await logIn(login, password);
		} catch (thrown) {
			setProblem(thrown as Problem);
		}
		setBusy(false);
	}

	return (
		<section class="narrow">
			<Title text={say('login.title')} />
			{/^\/./.test(query('aim')) && <p class="note badge-open">{say('login.aim')}</p>}
			<Form doing={say('login.do')} isBusy={isBusy} problem={problem} onSend={enter}>
				<TextField
					label={say('login.name')}
					name="login"
					autocomplete="username"
					isRequired
					value={login}
					onType={setLogin}
				/>
				<TextField
					label={say('login.password')}
					name="password"
					isSecret
					autocomplete="current-password"
					isRequired
					value={password}
					onType={setPassword}
				/>
			</Form>
			<p class="hint">{say('login.hint')}</p>
		</section>
	);
}
