// SPDX-License-Identifier: Apache-2.0
//
// One unit: what it was called and when, what it came from, what came of it,
// and the dossiers that are found by it.
import './unit.css';

import { Fragment } from 'preact';

import { nameOf } from '../../api/laws';
import { mayEver } from '../../api/session';
import type { Unit as UnitRecord, UnitHistory } from '../../api/types';
import { Answered } from '../../parts/answered';
import { PrintButton } from '../../parts/print-button';
import { Title } from '../../parts/title';
import { nameOn, UnitLink } from '../../parts/unit-link';
import { useAnswer } from '../../parts/use-answer';
import type { PageProps } from '../../shell/page';
import { formatDays, today } from '../../words/format';
import { say, sayCode } from '../../words/words';
import { DossierSearch } from './dossiers';
import { History } from './history';

function Facts({ unit }: { unit: UnitRecord }) {
	return (
		<dl class="facts">
			<dt>{say('unit.kind')}</dt>
			<dd>{nameOf('unit-kinds', unit.kind)}</dd>
			{(unit.from || unit.to) && (
				<>
					<dt>{say('unit.life')}</dt>
					<dd>{formatDays(unit)}</dd>
				</>
			)}
			{unit.parents?.map((parent, i) => (
				<Fragment key={i}>
					<dt>{sayCode('relation', parent.relation)}</dt>
					<dd>
						<UnitLink id={parent.unit} day={parent.to ?? today()} />{' '}
						<span class="hint">{formatDays(parent)}</span>
					</dd>
				</Fragment>
			))}
			{unit.codes?.map((code, i) => (
				<Fragment key={i}>
					<dt>{say('unit.code')}</dt>
					<dd>
						{code.code} <span class="hint">{formatDays(code)}</span>
					</dd>
				</Fragment>
			))}
			{unit.names.length > 1 && (
				<>
					<dt>{say('unit.names')}</dt>
					<dd>
						{unit.names.map((name) => (
							<div key={name.name}>
								{name.name} <span class="hint">{formatDays(name)}</span>
							</div>
						))}
					</dd>
				</>
			)}
		</dl>
	);
}

export default function Unit({ words }: PageProps) {
	const id = words['id']!;
	const answer = useAnswer<UnitHistory>(`/units/${encodeURIComponent(id)}/history`);

	return (
		<Answered answer={answer}>
			{(history) => (
				<>
					<Title text={nameOn(history.unit, today())} />
					{mayEver('unit.write') && (
						<p>
							<a class="button" href={`/don-vi/${id}/sua`}>
								{say('unit.edit')}
							</a>
						</p>
					)}
					<Facts unit={history.unit} />
					<History history={history} />
					{mayEver('dossier.read') && <DossierSearch unit={id} />}
					<PrintButton />
				</>
			)}
		</Answered>
	);
}
