// SPDX-License-Identifier: Apache-2.0
//
// Units as they were on a day: the tree, a slider over the years, and a search
// by name or code that leads to a unit's place.
import './units.css';

import { useEffect, useMemo, useState } from 'preact/hooks';

import { withQuery } from '../../api/client';
import { nameOf, rowsOf } from '../../api/laws';
import { mayEver } from '../../api/session';
import type { FoundUnit } from '../../api/types';
import { Waiting } from '../../parts/answered';
import { Title } from '../../parts/title';
import { useAnswer } from '../../parts/use-answer';
import { query, setQuery } from '../../shell/address';
import { formatDay, today } from '../../words/format';
import { language, say } from '../../words/words';
import { Found, Search } from './search';
import { TimeSlider } from './time';
import { Tree } from './tree';
import { TreeView } from './tree-view';

function KindChoice({ kind }: { kind: string }) {
	return (
		<div class="field">
			<label for="kind">{say('units.kind')}</label>
			<select id="kind" value={kind} onChange={(event) => setQuery({ kind: event.currentTarget.value, unit: '' })}>
				<option value="">{say('units.kind.any')}</option>
				{rowsOf('unit-kinds').map((row) => (
					<option key={row.code} value={row.code} selected={row.code === kind}>
						{nameOf('unit-kinds', row.code!)}
					</option>
				))}
			</select>
		</div>
	);
}

/** The tree of a day, opened down to `unit` where one is named. */
function TreeOf({ day, kind, unit }: { day: string; kind: string; unit: string }) {
	const tree = useMemo(() => new Tree(day, kind), [day, kind, language.value]);
	const [wanted, setWanted] = useState('');
	const [isLost, setLost] = useState(false);
	const [isOnTheWay, setOnTheWay] = useState(false);
	const way = useAnswer<{ units: FoundUnit[] }>(unit === '' ? null : withQuery('/units', { id: unit, as_of: day }));
	const found = way.value?.units[0];

	useEffect(() => () => tree.leave(), [tree]);
	useEffect(() => {
		setLost(false);
		if (unit !== '' && found?.id === unit) {
			setOnTheWay(true);
			void tree.reach([...found.above, unit]).then((shown) => {
				setOnTheWay(false);
				setWanted(shown?.key ?? '');
				setLost(!shown);
			});
		}
	}, [tree, found, unit]);
	return (
		<>
			{isLost && (
				<p class="note" role="status">
					{say('units.lost', { name: found!.name, day: formatDay(day || today()) })}
				</p>
			)}
			{isOnTheWay && <Waiting />}
			<TreeView tree={tree} wanted={wanted} label={say('units.tree', { day: formatDay(day || today()) })} />
		</>
	);
}

export default function Units() {
	const day = query('as_of');
	const name = query('name');
	const kind = query('kind');

	return (
		<>
			<Title text={say('units.title')} />
			{mayEver('unit.write') && (
				<p class="presses">
					<a class="button" href="/don-vi/moi">
						{say('units.new')}
					</a>
					<a class="button" href="/sap-xep">
						{say('units.reorganise')}
					</a>
				</p>
			)}
			<div class="filters">
				<Search key={name} name={name} />
				<KindChoice kind={kind} />
			</div>
			<TimeSlider day={day} onPick={(picked) => setQuery({ as_of: picked })} />
			{name === '' ? (
				<TreeOf key={`${day} ${kind}`} day={day} kind={kind} unit={query('unit')} />
			) : (
				<Found name={name} day={day} />
			)}
		</>
	);
}
