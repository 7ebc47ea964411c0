// SPDX-License-Identifier: Apache-2.0
//
// Who has an account, in order of log-in names or of the names they are found
// by, in pages.
import { useState } from 'preact/hooks';

import { withQuery } from '../../api/client';
import { nameOf } from '../../api/laws';
import { mayEver } from '../../api/session';
import type { User } from '../../api/types';
import { Answered } from '../../parts/answered';
import { PageTurns } from '../../parts/pages';
import { Title } from '../../parts/title';
import { UnitLink } from '../../parts/unit-link';
import { useAnswer } from '../../parts/use-answer';
import { query, setQuery } from '../../shell/address';
import { today } from '../../words/format';
import { say } from '../../words/words';
import { AdminMenu } from '../admin/menu';

function Roles({ user }: { user: User }) {
	return (
		<ul class="plain">
			{user.roles?.map((binding, i) => (
				<li key={i}>
					{nameOf('roles', binding.role)}
					{binding.unit && (
						<>
							{': '}
							<UnitLink id={binding.unit} day={today()} />
						</>
					)}
				</li>
			))}
		</ul>
	);
}

function Row({ user }: { user: User }) {
	return (
		<tr>
			<td data-label={say('user.login')}>
				<a href={`/quan-tri/nguoi-dung/${encodeURIComponent(user.id)}`}>{user.login}</a>
			</td>
			<td data-label={say('user.name')}>{user.name}</td>
			<td data-label={say('user.roles')}>
				<Roles user={user} />
			</td>
			<td data-label={say('user.state')}>
				{user.disabled ? (
					<span class="badge badge-bad">{say('user.disabled')}</span>
				) : (
					<span class="badge badge-good">{say('user.enabled')}</span>
				)}
			</td>
		</tr>
	);
}

function Find() {
	const [typed, setTyped] = useState(query('find'));

	return (
		<form
			class="filters"
			role="search"
			onSubmit={(event) => {
				event.preventDefault();
				setQuery({ find: typed.trim(), after: '' });
			}}
		>
			<div class="field">
				<label for="find">{say('users.find')}</label>
				<input
					id="find"
					value={typed}
					autocomplete="off"
					autocapitalize="off"
					spellcheck={false}
					onInput={(event) => setTyped(event.currentTarget.value)}
				/>
			</div>
			<button type="submit">{say('users.find.do')}</button>
		</form>
	);
}

export default function Users() {
	const after = query('after');
	const find = query('find');
	const answer = useAnswer<{ users: User[]; next?: string }>(
		withQuery('/users', find ? { limit: '20', find, after } : { limit: '20', after }) + (find ? '' : '&login='),
	);

	return (
		<>
			<AdminMenu />
			<Title text={say('users.title')} />
			<Find />
			{mayEver('user.write') && (
				<p>
					<a class="button main" href="/quan-tri/them-nguoi-dung">
						{say('users.new')}
					</a>
				</p>
			)}
			<Answered answer={answer}>
				{({ users, next }) =>
					users.length === 0 ? (
						<p role="status">{say('users.none')}</p>
					) : (
						<>
							<table class="rows">
								<thead>
									<tr>
										<th scope="col">{say('user.login')}</th>
										<th scope="col">{say('user.name')}</th>
										<th scope="col">{say('user.roles')}</th>
										<th scope="col">{say('user.state')}</th>
									</tr>
								</thead>
								<tbody>
									{users.map((user) => (
										<Row key={user.id} user={user} />
									))}
								</tbody>
							</table>
							<PageTurns after={after} next={next} />
						</>
					)
				}
			</Answered>
		</>
	);
}
