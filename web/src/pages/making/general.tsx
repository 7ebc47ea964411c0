// SPDX-License-Identifier: Apache-2.0
//
// What a dossier is: whose, of what kind, when.
import { session } from '../../api/session';
import { DayField } from '../../parts/day';
import { Choice, Group, TextField } from '../../parts/form';
import { UnitChoice } from '../../parts/unit-choice';
import { formatDays } from '../../words/format';
import { say, sayCode } from '../../words/words';
import type { Fields } from './fields';
import { dayOf } from './fields';

const kinds = ['merit', 'thematic', 'sudden', 'service', 'tenure', 'foreign', 'resistance'];
const procedures = ['full', 'simple'];

/** The units for which somebody makes dossiers; none: he may name any. */
export function ownUnits(): { id: string; name: string }[] {
	const roles = (session.value?.roles ?? []).filter((role) => ['unit_clerk', 'subject'].includes(role.role));
	const units = new Map(roles.flatMap((role) => (role.unit ? [[role.unit, role.unit_name ?? role.unit]] : [])));

	return [...units].map(([id, name]) => ({ id, name }));
}

function UnitField({ fields, onType }: { fields: Fields; onType: (changes: Partial<Fields>) => void }) {
	const units = ownUnits();
	const mayNameAny = (session.value?.roles ?? []).some((role) => role.role === 'archivist');

	if (mayNameAny || !units.some((unit) => unit.id === fields.unit)) {
		return (
			<UnitChoice
				label={say('dossier.unit')}
				name="unit"
				value={fields.unit}
				day={dayOf(fields)}
				isRequired
				onPick={(unit) => onType({ unit })}
			/>
		);
	}
	return (
		<Choice
			label={say('dossier.unit')}
			name="unit"
			value={fields.unit}
			isRequired
			options={units.map((unit) => ({ value: unit.id, text: unit.name }))}
			onPick={(unit) => onType({ unit })}
		/>
	);
}

function PeriodFields({ fields, onType }: { fields: Fields; onType: (changes: Partial<Fields>) => void }) {
	const { from, to } = fields.period;

	return (
		<Group title={say('dossier.period')}>
			<div class="making-row">
				<DayField
					label={say('making.period.from')}
					name="period/from"
					{...(from ? { value: from } : {})}
					onPick={(day) => onType({ period: { ...fields.period, from: day } })}
					onClear={() => onType({ period: to ? { to } : {} })}
				/>
				<DayField
					label={say('making.period.to')}
					name="period/to"
					{...(to ? { value: to } : {})}
					onPick={(day) => onType({ period: { ...fields.period, to: day } })}
					onClear={() => onType({ period: from ? { from } : {} })}
				/>
			</div>
		</Group>
	);
}

export function GeneralFields({ fields, onType }: {
	fields: Fields;
	onType: (changes: Partial<Fields>) => void;
}) {
	return (
		<>
			<UnitField fields={fields} onType={onType} />
			<Choice
				label={say('making.kind')}
				name="kind"
				value={fields.kind}
				isRequired
				options={kinds.map((kind) => ({ value: kind, text: sayCode('dossier-kind', kind) }))}
				onPick={(kind) => onType({ kind })}
			/>
			<Choice
				label={say('making.procedure')}
				name="procedure"
				value={fields.procedure}
				isRequired
				hint={sayCode('procedure.what', fields.procedure)}
				options={procedures.map((procedure) => ({ value: procedure, text: sayCode('procedure', procedure) }))}
				onPick={(procedure) => onType({ procedure })}
			/>
			<TextField
				label={say('making.title')}
				name="title"
				value={fields.title}
				isRequired
				hint={say('making.title.hint')}
				lines={2}
				onType={(title) => onType({ title })}
			/>
			{typeof fields.date === 'string' ? (
				<DayField
					label={say('dossier.date')}
					name="date"
					value={fields.date}
					isRequired
					onPick={(date) => onType({ date })}
				/>
			) : (
				<p>
					{say('dossier.date')}: {formatDays(fields.date)}
				</p>
			)}
			<PeriodFields fields={fields} onType={onType} />
			<TextField
				label={say('dossier.code')}
				name="code"
				value={fields.code}
				hint={say('making.code.hint')}
				onType={(code) => onType({ code })}
			/>
		</>
	);
}
