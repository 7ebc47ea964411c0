// SPDX-License-Identifier: Apache-2.0
//
// The roles of a user, each bound to a unit where it needs one.  Which roles
// there are, and what a role may, is data of the server.
import { rowsOf } from '../../api/laws';
import type { Binding } from '../../api/types';
import { DayField } from '../../parts/day';
import { Choice, Group } from '../../parts/form';
import { UnitChoice } from '../../parts/unit-choice';
import { say, spoken } from '../../words/words';

/** Does some right of the role hang on the unit that it is bound to? */
function needsUnit(role: string): boolean {
	return rowsOf('acts').some((act) =>
		act.grants?.some(
			(grant) => grant.role === role && (grant.scope === 'own' || grant.scope === 'subtree'),
		),
	);
}

export function RoleFields({ roles, onChange }: {
	roles: Binding[];
	onChange: (roles: Binding[]) => void;
}) {
	const assignable = rowsOf('roles')
		.filter((row) => row.assignable !== false)
		.map((row) => ({
			value: row.id ?? '',
			text: spoken(row.name, row.english),
		}));

	function set(at: number, changes: Partial<Binding>) {
		onChange(
			roles.map((binding, i) => {
				const changed = { ...binding, ...changes };

				// '' is no unit and no day: the member goes.
				return i === at
					? (Object.fromEntries(
							Object.entries(changed).filter(([, value]) => value !== ''),
						) as unknown as Binding)
					: binding;
			}),
		);
	}

	return (
		<Group title={say('user.roles')}>
			{roles.length === 0 && <p class="hint">{say('user.roles.none')}</p>}
			{roles.map((binding, i) => (
				// eslint-disable-next-line react/no-array-index-key -- rows have no other name
				<div class="role" key={i} role="group" aria-label={say('user.role.number', { number: i + 1 })}>
					<Choice
						label={say('user.role')}
						name={`roles/${i}/role`}
						value={binding.role ?? ''}
						options={assignable}
						isRequired
						onPick={(role) => set(i, { role })}
					/>
					<UnitChoice
						label={say('user.unit')}
						name={`roles/${i}/unit`}
						value={binding.unit ?? ''}
						isRequired={needsUnit(binding.role)}
						onPick={(unit) => set(i, { unit })}
					/>
					<DayField
						label={say('user.from')}
						name={`roles/${i}/from`}
						{...(binding.from ? { value: binding.from } : {})}
						onPick={(from) => set(i, { from })}
					/>
					<DayField
						label={say('user.to')}
						name={`roles/${i}/to`}
						{...(binding.to ? { value: binding.to } : {})}
						onPick={(to) => set(i, { to })}
					/>
					<button
						type="button"
						class="beside-field"
						onClick={() => onChange(roles.filter((_, j) => j !== i))}
					>
						{say('user.role.remove', { number: i + 1 })}
					</button>
				</div>
			))}
			<p>
				<button type="button" onClick={() => onChange([...roles, { role: '' }])}>
					{say('user.role.add')}
				</button>
			</p>
		</Group>
	);
}
