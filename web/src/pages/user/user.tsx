// SPDX-License-Identifier: Apache-2.0
//
// One account: its name, its roles, whether it is open, its password.
import './user.css';

import { useState } from 'preact/hooks';

import { session } from '../../api/session';
import type { Binding, Changed, User as UserRecord } from '../../api/types';
import { Answered } from '../../parts/answered';
import { Confirm } from '../../parts/dialog';
import { Form } from '../../parts/form';
import { Title } from '../../parts/title';
import { useAnswer } from '../../parts/use-answer';
import { useChange } from '../../parts/use-change';
import type { PageProps } from '../../shell/page';
import { formatTime } from '../../words/format';
import { say } from '../../words/words';
import { AdminMenu } from '../admin/menu';
import { AccountFields } from './account-fields';
import { NewPassword } from './password';
import { RoleFields } from './roles';

/** What somebody else did meanwhile must be seen before it is written over. */
function Overtaken({ onRead }: { onRead: () => void }) {
	return (
		<div class="note note-bad" role="alert">
			<p>{say('user.overtaken')}</p>
			<button type="button" onClick={onRead}>
				{say('user.read-again')}
			</button>
		</div>
	);
}

function Disable({ user, isSelf, onDone }: { user: UserRecord; isSelf: boolean; onDone: () => void }) {
	const [isAsked, setAsked] = useState(false);
	const change = useChange<Changed<UserRecord>>();
	const disabled = user.disabled === true;

	async function turn() {
		const path = `/users/${encodeURIComponent(user.id)}`;

		if (await change.run('PATCH', path, { disabled: !disabled }, user.rev)) {
			setAsked(false);
			onDone();
		}
	}

	return (
		<>
			<h2>{say('user.state')}</h2>
			<p>
				{disabled ? (
					<span class="badge badge-bad">{say('user.disabled')}</span>
				) : (
					<span class="badge badge-good">{say('user.enabled')}</span>
				)}{' '}
				<span class="hint">{say(disabled ? 'user.disabled.what' : 'user.enabled.what')}</span>
			</p>
			{isSelf ? (
				<p class="hint">{say('user.self')}</p>
			) : (
				<button
					type="button"
					onClick={() => {
						change.reset();
						setAsked(true);
					}}
				>
					{say(disabled ? 'user.enable' : 'user.disable')}
				</button>
			)}
			{isAsked && (
				<Confirm
					title={say(disabled ? 'user.enable.ask' : 'user.disable.ask', { name: user.name })}
					doing={say(disabled ? 'user.enable' : 'user.disable')}
					isBusy={change.isBusy}
					problem={change.problem}
					onDo={() => void turn()}
					onClose={() => setAsked(false)}
				>
					<p>{say(disabled ? 'user.enable.means' : 'user.disable.means')}</p>
				</Confirm>
			)}
		</>
	);
}

function Edit({ user, isSelf, onSaved, onRead }: {
	user: UserRecord;
	isSelf: boolean;
	onSaved: () => void;
	onRead: () => void;
}) {
	const [login, setLogin] = useState(user.login);
	const [name, setName] = useState(user.name);
	const [roles, setRoles] = useState<Binding[]>(user.roles ?? []);
	const change = useChange<Changed<UserRecord>>();
	const isOvertaken = change.problem?.status === 412;

	async function save() {
		const path = `/users/${encodeURIComponent(user.id)}`;
		const body = isSelf ? { login, name } : { login, name, roles };

		if (await change.run('PATCH', path, body, user.rev)) {
			onSaved();
		}
	}

	return (
		<>
			{isOvertaken && <Overtaken onRead={onRead} />}
			<Form
				label={say('user.edit')}
				doing={say('user.save')}
				isBusy={change.isBusy}
				problem={isOvertaken ? undefined : change.problem}
				onSend={() => void save()}
			>
				<AccountFields login={login} name={name} onLogin={setLogin} onName={setName} />
				{isSelf ? (
					<p class="hint">{say('user.self')}</p>
				) : (
					<RoleFields roles={roles} onChange={setRoles} />
				)}
			</Form>
		</>
	);
}

export default function User({ words }: PageProps) {
	const id = words['id']!;
	const answer = useAnswer<UserRecord>(`/users/${encodeURIComponent(id)}`);
	const [saved, setSaved] = useState(0);
	const [round, setRound] = useState(0);
	const isSelf = session.value?.user.id === id;

	function readAgain() {
		answer.again();
		setRound(round + 1);
	}

	return (
		<>
			<AdminMenu />
			<Answered answer={answer}>
				{(user) => (
					<>
						<Title text={user.name} />
						<p class="hint">
							{user.password_at
								? say('user.password-at', { time: formatTime(user.password_at) })
								: say('user.no-password')}
						</p>
						{saved === user.rev && <p role="status">{say('user.saved')}</p>}
						<Edit
							key={`${user.rev} ${round}`}
							user={user}
							isSelf={isSelf}
							onSaved={() => {
								setSaved(user.rev + 1);
								answer.again();
							}}
							onRead={readAgain}
						/>
						<Disable user={user} isSelf={isSelf} onDone={answer.again} />
						{!isSelf && <NewPassword user={user} onDone={answer.again} />}
						{isSelf && (
							<p>
								<a href="/tai-khoan">{say('account.title')}</a>
							</p>
						)}
					</>
				)}
			</Answered>
		</>
	);
}
