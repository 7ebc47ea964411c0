// SPDX-License-Identifier: Apache-2.0
//
// What a role may do, as the server judges: the matrix of permissions.json.
import './matrix.css';

import { type LawRow, nameOf, rowsOf } from '../../api/laws';
import { Waiting } from '../../parts/answered';
import { Choice } from '../../parts/form';
import { Title } from '../../parts/title';
import { query, setQuery } from '../../shell/address';
import { say, sayCode, spoken } from '../../words/words';
import { AdminMenu } from '../admin/menu';

type Grant = NonNullable<LawRow['grants']>[number];

function textOf(row: LawRow): string {
	return spoken(row.name, row.english);
}

/** "Trong đơn vị và cấp dưới, khi hồ sơ đang Thẩm định". */
function Where({ grant }: { grant: Grant }) {
	const statuses = grant.statuses?.map((status) => nameOf('dossier-statuses', status));
	const sources = grant.sources?.map((source) => sayCode('source', source));

	return (
		<>
			{sayCode('scope', grant.scope)}
			{statuses && (
				<span class="hint"> {say('matrix.statuses', { statuses: statuses.join(', ') })}</span>
			)}
			{sources && (
				<span class="hint"> {say('matrix.sources', { sources: sources.join(', ') })}</span>
			)}
		</>
	);
}

function OfRole({ role, acts }: { role: string; acts: LawRow[] }) {
	const allowed = acts.flatMap((act) =>
		(act.grants ?? [])
			.filter((grant) => grant.role === role)
			.map((grant, i) => ({ act, grant, key: `${act.act} ${i}` })),
	);

	return (
		<table class="rows rights">
			<caption class="unseen">{nameOf('roles', role)}</caption>
			<thead>
				<tr>
					<th scope="col">{say('matrix.act')}</th>
					<th scope="col">{say('matrix.where')}</th>
				</tr>
			</thead>
			<tbody>
				{allowed.map(({ act, grant, key }) => (
					<tr key={key}>
						<td data-label={say('matrix.act')}>{textOf(act)}</td>
						<td data-label={say('matrix.where')}>
							<Where grant={grant} />
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

/** Who may do it alike stands in one line. */
function alike(grants: Grant[]): { grant: Grant; roles: string[] }[] {
	const groups = new Map<string, { grant: Grant; roles: string[] }>();

	for (const grant of grants) {
		const key = JSON.stringify([grant.scope, grant.statuses, grant.sources]);
		const group = groups.get(key) ?? { grant, roles: [] };

		group.roles.push(nameOf('roles', grant.role));
		groups.set(key, group);
	}
	return [...groups.values()];
}

function OfAll({ acts }: { acts: LawRow[] }) {
	return (
		<table class="rows rights">
			<thead>
				<tr>
					<th scope="col">{say('matrix.act')}</th>
					<th scope="col">{say('matrix.who')}</th>
				</tr>
			</thead>
			<tbody>
				{acts.map((act) => (
					<tr key={act.act}>
						<td data-label={say('matrix.act')}>{textOf(act)}</td>
						<td data-label={say('matrix.who')}>
							<ul class="plain">
								{alike(act.grants ?? []).map(({ grant, roles }, i) => (
									<li key={i}>
										<strong>
											<Where grant={grant} />
										</strong>
										{': '}
										{roles.join('; ')}
									</li>
								))}
							</ul>
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

export default function Matrix() {
	const acts = rowsOf('acts');
	const role = query('role');

	return (
		<>
			<AdminMenu />
			<Title text={say('matrix.title')} />
			<p>{say('matrix.silence')}</p>
			<div class="narrow">
				<Choice
					label={say('user.role')}
					name="role"
					value={role}
					none={say('matrix.all')}
					options={rowsOf('roles').map((row) => ({ value: row.id ?? '', text: textOf(row) }))}
					onPick={(picked) => setQuery({ role: picked })}
				/>
			</div>
			{acts.length === 0 ? (
				<Waiting />
			) : role === '' ? (
				<OfAll acts={acts} />
			) : (
				<OfRole role={role} acts={acts} />
			)}
		</>
	);
}
