// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';

import { Problem } from '../../api/client';
import { logIn, session } from '../../api/session';
import { ProblemBox } from '../../parts/problem';
import { Title } from '../../parts/title';
import { go, query } from '../../shell/address';
import { say } from '../../words/words';

/** Where the reader wanted to go: a path of ours, or the first page. */
function aim(): string {
	const wanted = query('aim');

	return /^\/(?![/\\])/.test(wanted) ? wanted : '/';
}

export default function LogIn() {
	const [problem, setProblem] = useState<Problem>();
	const [isBusy, setBusy] = useState(false);

	useEffect(() => {
		if (session.value) {
			go(aim(), true);
		}
	}, [session.value]);

	async function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }) {
		const form = new FormData(event.currentTarget);

		event.preventDefault();
		setBusy(true);
		setProblem(undefined);
		try {
			await logIn(String(form.get('login')), String(form.get('password')));
		} catch (thrown) {
			setProblem(thrown as Problem);
		}
		setBusy(false);
	}

	return (
		<section class="narrow">
			<Title text={say('login.title')} />
			<form onSubmit={submit}>
				<div class="field">
					<label for="login">{say('login.name')}</label>
					<input id="login" name="login" required autocomplete="username" autocapitalize="off" spellcheck={false} />
				</div>
				<div class="field">
					<label for="password">{say('login.password')}</label>
					<input id="password" name="password" type="password" required autocomplete="current-password" />
				</div>
				{problem && <ProblemBox problem={problem} />}
				<button type="submit" class="main" disabled={isBusy}>
					{say('login.do')}
				</button>
			</form>
			<p class="hint">{say('login.hint')}</p>
		</section>
	);
}
