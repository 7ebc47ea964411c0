// SPDX-License-Identifier: Apache-2.0
import { TextField } from '../../parts/form';
import { say } from '../../words/words';

/** What somebody logs in by, and is called. */
export function AccountFields({ login, name, onLogin, onName }: {
	login: string;
	name: string;
	onLogin: (login: string) => void;
	onName: (name: string) => void;
}) {
	return (
		<>
			<TextField
				label={say('user.login')}
				name="login"
				value={login}
				hint={say('user.login.form')}
				isRequired
				onType={onLogin}
			/>
			<TextField label={say('user.name')} name="name" value={name} isRequired onType={onName} />
		</>
	);
}
