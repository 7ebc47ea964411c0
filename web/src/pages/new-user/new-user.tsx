// SPDX-License-Identifier: Apache-2.0
import '../user/user.css';

import { useState } from 'preact/hooks';

import type { Binding, Changed, User } from '../../api/types';
import { Form, TextField } from '../../parts/form';
import { ReceiptNote } from '../../parts/receipt';
import { Secret } from '../../parts/secret';
import { Title } from '../../parts/title';
import { useChange } from '../../parts/use-change';
import { say } from '../../words/words';
import { AdminMenu } from '../admin/menu';
import { AccountFields } from '../user/account-fields';
import { drawPassword } from '../user/password';
import { RoleFields } from '../user/roles';

function Made({ made, password, onMore }: {
	made: Changed<User>;
	password: string;
	onMore: () => void;
}) {
	const [isGone, setGone] = useState(false);

	return (
		<>
			<ReceiptNote text={say('new-user.made', { name: made.record.name })} receipt={made.receipt} />
			{!isGone && (
				<Secret
					label={say('new-user.password', { login: made.record.login })}
					text={password}
					onGone={() => setGone(true)}
				/>
			)}
			<p class="presses">
				<a class="button" href={`/quan-tri/nguoi-dung/${encodeURIComponent(made.id)}`}>
					{say('new-user.open')}
				</a>
				<button type="button" onClick={onMore}>
					{say('new-user.more')}
				</button>
			</p>
		</>
	);
}

export default function NewUser() {
	const [login, setLogin] = useState('');
	const [name, setName] = useState('');
	const [password, setPassword] = useState(drawPassword);
	const [roles, setRoles] = useState<Binding[]>([{ role: '' }]);
	const change = useChange<Changed<User>>();

	function beginAnew() {
		setLogin('');
		setName('');
		setPassword(drawPassword());
		setRoles([{ role: '' }]);
		change.reset();
	}

	return (
		<>
			<AdminMenu />
			<Title text={say('new-user.title')} />
			{change.done ? (
				<Made made={change.done} password={password} onMore={beginAnew} />
			) : (
				<Form
					label={say('new-user.title')}
					doing={say('new-user.do')}
					isBusy={change.isBusy}
					problem={change.problem}
					onSend={() => void change.run('POST', '/users', { login, name, password, roles })}
				>
					<AccountFields login={login} name={name} onLogin={setLogin} onName={setName} />
					<TextField
						label={say('password.first')}
						name="password"
						value={password}
						hint={say('password.drawn')}
						isRequired
						onType={setPassword}
					/>
					<RoleFields roles={roles} onChange={setRoles} />
				</Form>
			)}
		</>
	);
}
