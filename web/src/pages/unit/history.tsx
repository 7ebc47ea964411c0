// SPDX-License-Identifier: Apache-2.0
import { Fragment } from 'preact';

import type { Reorganisation, UnitHistory } from '../../api/types';
import { formatDay } from '../../words/format';
import { say, sayCode } from '../../words/words';

function Units({ ids, names, here }: { ids: string[]; names: Record<string, string>; here: string }) {
	return (
		<ul>
			{ids.map((id) => (
				<li key={id}>
					{id === here ? <strong>{names[id] ?? id}</strong> : <a href={`/don-vi/${id}`}>{names[id] ?? id}</a>}
				</li>
			))}
		</ul>
	);
}

function Event({ event, names, here }: {
	event: Reorganisation;
	names: Record<string, string>;
	here: string;
}) {
	return (
		<li>
			<p>
				<strong>{formatDay(event.date)}</strong> {sayCode('reorganisation', event.kind)}
				{event.document && <span class="hint"> {say('unit.by', { document: event.document })}</span>}
			</p>
			<div class="flow">
				<Units ids={event.predecessors} names={names} here={here} />
				<span aria-hidden="true">→</span>
				<span class="unseen">{say('unit.became')}</span>
				{event.successors.length > 0 ? (
					<Units ids={event.successors} names={names} here={here} />
				) : (
					<p class="hint">{say('unit.ended')}</p>
				)}
			</div>
		</li>
	);
}

/** What became of what, and who stands for the unit today. */
export function History({ history }: { history: UnitHistory }) {
	const { unit, events, heirs, names } = history;
	const others = heirs.filter((heir) => heir.id !== unit.id);

	if (events.length === 0) {
		return null;
	}
	return (
		<section>
			<h2>{say('unit.history')}</h2>
			<ol class="history">
				{events.map((event) => (
					<Event key={event.id} event={event} names={names} here={unit.id} />
				))}
			</ol>
			{others.length > 0 && (
				<p>
					{say('unit.heirs')}{' '}
					{others.map((heir, i) => (
						<Fragment key={heir.id}>
							{i > 0 && ', '}
							<a href={`/don-vi/${heir.id}`}>{heir.place}</a>
						</Fragment>
					))}
				</p>
			)}
		</section>
	);
}
