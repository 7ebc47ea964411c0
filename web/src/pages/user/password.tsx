// SPDX-License-Identifier: Apache-2.0
//
// A new password for somebody else: drawn here and told once, or typed.
import { useState } from 'preact/hooks';

import type { Changed, User } from '../../api/types';
import { Confirm } from '../../parts/dialog';
import { TextField } from '../../parts/form';
import { Secret } from '../../parts/secret';
import { useChange } from '../../parts/use-change';
import { say } from '../../words/words';

// Without those that look like another one on paper.
const SIGNS = 'abcdefghijkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const OF_A_GROUP = 4;

/** 16 of 32 signs: 80 bits, in groups that can be read out. */
export function drawPassword(): string {
	const drawn = crypto.getRandomValues(new Uint8Array(GROUPS * OF_A_GROUP));
	const signs = [...drawn].map((byte) => SIGNS[byte % SIGNS.length]);

	return Array.from({ length: GROUPS }, (_, i) =>
		signs.slice(i * OF_A_GROUP, (i + 1) * OF_A_GROUP).join(''),
	).join('-');
}

export function NewPassword({ user, onDone }: { user: User; onDone: () => void }) {
	const [isOpen, setOpen] = useState(false);
	const [password, setPassword] = useState('');
	const [told, setTold] = useState('');
	const change = useChange<Changed<User>>();

	async function give() {
		if (await change.run('PUT', `/users/${encodeURIComponent(user.id)}/password`, { password })) {
			setTold(password);
			setOpen(false);
			onDone();
		}
	}

	return (
		<>
			<h2>{say('password.new')}</h2>
			<p class="hint">{say('password.ends')}</p>
			{told && <Secret label={say('password.told')} text={told} onGone={() => setTold('')} />}
			<button
				type="button"
				onClick={() => {
					change.reset();
					setPassword(drawPassword());
					setOpen(true);
				}}
			>
				{say('password.give')}
			</button>
			{isOpen && (
				<Confirm
					title={say('password.give.ask', { name: user.name })}
					doing={say('password.give')}
					isBusy={change.isBusy}
					problem={change.problem}
					onDo={() => void give()}
					onClose={() => setOpen(false)}
				>
					<p>{say('password.ends')}</p>
					<TextField
						label={say('password.new')}
						name="password"
						value={password}
						hint={say('password.drawn')}
						isRequired
						onType={setPassword}
					/>
				</Confirm>
			)}
		</>
	);
}
