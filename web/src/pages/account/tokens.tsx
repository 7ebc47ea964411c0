// SPDX-License-Identifier: Apache-2.0
//
// One's own tokens, for programs: each may do what its scopes and its owner's
// roles both allow, until a day.  The secret is told once.
import '../admin/menu.css';

import { useState } from 'preact/hooks';

import { rowsOf } from '../../api/laws';
import type { Changed, Day, Token } from '../../api/types';
import { Answered } from '../../parts/answered';
import { DayField } from '../../parts/day';
import { Confirm } from '../../parts/dialog';
import { Form, Group, TextField, Tick } from '../../parts/form';
import { Secret } from '../../parts/secret';
import { useAnswer } from '../../parts/use-answer';
import { useChange } from '../../parts/use-change';
import { formatDay, formatTime, today } from '../../words/format';
import { say, spoken } from '../../words/words';

const DAYS = 90;

function inDays(days: number): Day {
	return new Date(Date.parse(today()) + days * 86400000).toISOString().slice(0, 10);
}

function NewToken({ roles, onMade }: { roles: string[]; onMade: (secret: string) => void }) {
	const [name, setName] = useState('');
	const [expires, setExpires] = useState(inDays(DAYS));
	const [scopes, setScopes] = useState<string[]>([]);
	const change = useChange<Changed<Token> & { secret?: string }>();
	const mine = rowsOf('acts').filter((act) =>
		act.grants?.some((grant) => roles.includes(grant.role) || grant.role === 'public'),
	);

	async function make() {
		const made = await change.run('POST', '/tokens', { name, expires, scopes });

		if (made) {
			setName('');
			setScopes([]);
			onMade(made.secret ?? '');
		}
	}

	return (
		<Form
			label={say('tokens.new')}
			doing={say('tokens.make')}
			isBusy={change.isBusy}
			problem={change.problem}
			onSend={() => void make()}
		>
			<TextField
				label={say('tokens.name')}
				name="name"
				value={name}
				hint={say('tokens.name.what')}
				isRequired
				onType={setName}
			/>
			<DayField
				label={say('tokens.expires')}
				name="expires"
				value={expires}
				isRequired
				onPick={setExpires}
			/>
			<Group title={say('tokens.scopes')}>
				<div class="choices">
					{mine.map((act) => (
						<Tick
							key={act.act}
							label={spoken(act.name, act.english)}
							name={act.act ?? ''}
							isOn={scopes.includes(act.act ?? '')}
							onSet={(isOn) =>
								setScopes(
									isOn
										? [...scopes, act.act ?? '']
										: scopes.filter((scope) => scope !== act.act),
								)
							}
						/>
					))}
				</div>
			</Group>
		</Form>
	);
}

function stateOf(token: Token): { text: string; tone: string } {
	if (token.revoked) {
		return { text: say('tokens.revoked', { time: formatTime(token.revoked) }), tone: 'bad' };
	}
	return token.expires < today()
		? { text: say('tokens.past'), tone: 'bad' }
		: { text: say('tokens.live'), tone: 'good' };
}

function Row({ token, onRevoke }: { token: Token; onRevoke: () => void }) {
	const acts = rowsOf('acts');
	const state = stateOf(token);

	return (
		<tr>
			<td data-label={say('tokens.name')}>{token.name}</td>
			<td data-label={say('tokens.scopes')}>
				{token.scopes
					.map((scope) => {
						const act = acts.find((row) => row.act === scope);

						return spoken(act?.name ?? scope, act?.english);
					})
					.join('; ')}
			</td>
			<td class="brief" data-label={say('tokens.expires')}>{formatDay(token.expires)}</td>
			<td data-label={say('user.state')}>
				<span class={`badge badge-${state.tone}`}>{state.text}</span>{' '}
				{state.tone === 'good' && (
					<button type="button" onClick={onRevoke}>
						{say('tokens.revoke')}
						<span class="unseen"> {token.name}</span>
					</button>
				)}
			</td>
		</tr>
	);
}

export function Tokens({ roles }: { roles: string[] }) {
	const answer = useAnswer<{ tokens: Token[] }>('/tokens');
	const [secret, setSecret] = useState('');
	const [revoked, setRevoked] = useState<Token>();
	const change = useChange<Changed<Token>>();

	async function revoke() {
		if (revoked && (await change.run('DELETE', `/tokens/${encodeURIComponent(revoked.id)}`))) {
			setRevoked(undefined);
			answer.again();
		}
	}

	return (
		<section>
			<h2>{say('tokens.title')}</h2>
			<p class="hint">{say('tokens.what')}</p>
			{secret && <Secret label={say('tokens.told')} text={secret} onGone={() => setSecret('')} />}
			<Answered answer={answer}>
				{({ tokens }) =>
					tokens.length === 0 ? (
						<p>{say('tokens.none')}</p>
					) : (
						<table class="rows">
							<thead>
								<tr>
									<th scope="col">{say('tokens.name')}</th>
									<th scope="col">{say('tokens.scopes')}</th>
									<th scope="col">{say('tokens.expires')}</th>
									<th scope="col">{say('user.state')}</th>
								</tr>
							</thead>
							<tbody>
								{tokens.map((token) => (
									<Row
										key={token.id}
										token={token}
										onRevoke={() => {
											change.reset();
											setRevoked(token);
										}}
									/>
								))}
							</tbody>
						</table>
					)
				}
			</Answered>
			{revoked && (
				<Confirm
					title={say('tokens.revoke.ask', { name: revoked.name })}
					doing={say('tokens.revoke')}
					isBusy={change.isBusy}
					problem={change.problem}
					onDo={() => void revoke()}
					onClose={() => setRevoked(undefined)}
				>
					<p>{say('tokens.revoke.means')}</p>
				</Confirm>
			)}
			<h3>{say('tokens.new')}</h3>
			<NewToken
				roles={roles}
				onMade={(made) => {
					setSecret(made);
					answer.again();
				}}
			/>
		</section>
	);
}
