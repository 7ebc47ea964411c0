// SPDX-License-Identifier: Apache-2.0
//
// The grants behind a number: what was given to a unit and to all below it, by
// the same words that the number was counted with.  They stand in the address.
import './grants.css';

import { withQuery } from '../../api/client';
import { nameOf, rowsOf } from '../../api/laws';
import type { Unit } from '../../api/types';
import { Choice } from '../../parts/form';
import { PeriodChoice } from '../../parts/period-choice';
import { Title } from '../../parts/title';
import { UnitChoice } from '../../parts/unit-choice';
import { nameOn } from '../../parts/unit-link';
import { useAnswer } from '../../parts/use-answer';
import { query, setQuery } from '../../shell/address';
import { formatNumber, today } from '../../words/format';
import { say, sayCode } from '../../words/words';
import { GrantPages } from './list';

const levels = ['state', 'province', 'district', 'commune', 'base'];
const subjects = ['collective', 'individual', 'household', 'unspecified'];
const attributes = ['direct_worker', 'leader_province', 'leader_department', 'leader_business',
	'leader_other', 'woman', 'ethnic_minority'];
const states = ['revoked', 'any'];

/** Codes with their names; several at once, as a number may count, is one more. */
function options(codes: string[], chosen: string, name: (code: string) => string) {
	const list = codes.map((value) => ({ value, text: name(value) }));

	if (chosen.includes(',')) {
		list.unshift({ value: chosen, text: say('grants.several', { count: chosen.split(',').length }) });
	}
	return list;
}

function Filters() {
	const award = query('award');
	const level = query('level');
	const subject = query('subject');
	const awardName = (code: string) => nameOf('awards', code);
	const codes = rowsOf('awards').map((row) => row.code ?? '');

	return (
		<div class="filters">
			<UnitChoice
				label={say('grants.unit')}
				name="unit"
				value={query('unit')}
				isRequired
				onPick={(unit) => setQuery({ unit })}
			/>
			<PeriodChoice
				period={{ from: query('from'), to: query('to') }}
				isOpen
				onPick={({ from, to }) => setQuery({ from, to })}
			/>
			<Choice
				label={say('grants.award')}
				name="award"
				value={award}
				none={say('grants.any')}
				options={options(codes.includes(award) || award === '' || award.includes(',') ? codes : [award, ...codes], award, awardName)}
				onPick={(picked) => setQuery({ award: picked })}
			/>
			<Choice
				label={say('grants.level')}
				name="level"
				value={level}
				none={say('grants.any')}
				options={options(levels, level, (code) => sayCode('level-of-award', code))}
				onPick={(picked) => setQuery({ level: picked })}
			/>
			<Choice
				label={say('grants.subject')}
				name="subject"
				value={subject}
				none={say('grants.any')}
				options={options(subjects, subject, (code) => sayCode('subject', code))}
				onPick={(picked) => setQuery({ subject: picked })}
			/>
			<Choice
				label={say('grants.attribute')}
				name="attribute"
				value={query('attribute')}
				none={say('grants.any')}
				options={options(attributes, '', (code) => sayCode('attribute', code))}
				onPick={(picked) => setQuery({ attribute: picked })}
			/>
			<Choice
				label={say('grants.state')}
				name="state"
				value={query('state')}
				none={say('grants.state.granted')}
				options={options(states, '', (code) => sayCode('grants.state', code))}
				onPick={(picked) => setQuery({ state: picked })}
			/>
		</div>
	);
}

/** How much all of it comes to, for whoever may have it counted. */
function Sum({ unit, words }: { unit: string; words: Record<string, string> }) {
	const { value } = useAnswer<{ counts: { sum: number }[] }>(
		withQuery(`/units/${encodeURIComponent(unit)}/counts`, words),
	);

	return value ? (
		<p class="sum" role="status">
			{say('grants.sum', { count: formatNumber(value.counts[0]?.sum ?? 0) })}
		</p>
	) : null;
}

function Heading({ unit }: { unit: string }) {
	const { value } = useAnswer<Unit>(unit === '' ? null : `/units/${encodeURIComponent(unit)}`);

	return (
		<Title
			text={
				value && unit !== ''
					? say('grants.title.of', { unit: nameOn(value, query('to') || today()) })
					: say('grants.title')
			}
		/>
	);
}

export default function Grants() {
	const unit = query('unit');
	const award = query('award');
	const words = {
		from: query('from'),
		to: query('to'),
		award,
		level: query('level'),
		subject: query('subject'),
		attribute: query('attribute'),
	};
	const state = query('state');
	const path = withQuery(`/units/${encodeURIComponent(unit)}/grants`, { ...words, state, limit: '50' });

	return (
		<>
			<Heading unit={unit} />
			<p class="hint">{say('grants.what')}</p>
			<Filters />
			{award.includes(',') && (
				<p class="hint">
					{say('grants.awards', {
						names: award.split(',').map((code) => nameOf('awards', code)).join('; '),
					})}
				</p>
			)}
			{unit === '' ? (
				<p>{say('grants.choose')}</p>
			) : (
				<>
					{state === '' && <Sum unit={unit} words={words} />}
					<GrantPages key={path} path={path} />
				</>
			)}
		</>
	);
}
