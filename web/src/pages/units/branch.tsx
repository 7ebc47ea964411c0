// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';

import { withQuery } from '../../api/client';
import type { UnitRow } from '../../api/types';
import { Answered } from '../../parts/answered';
import { useAnswer } from '../../parts/use-answer';
import { byName } from '../../words/format';
import { say } from '../../words/words';

const LONGEST = 200; // rows of an answer of the server

/** A unit of the tree; what is below it is asked for when it is opened. */
export function UnitBranch({ unit, day }: { unit: UnitRow; day: string }) {
	const [isOpen, setOpen] = useState(false);

	return (
		<li>
			<div class="branch">
				<button
					type="button"
					class="twisty"
					aria-expanded={isOpen}
					aria-label={say('units.below', { name: unit.name })}
					onClick={() => setOpen(!isOpen)}
				/>
				<a href={`/don-vi/${unit.id}`}>{unit.name}</a>
			</div>
			{isOpen && <Children id={unit.id} day={day} />}
		</li>
	);
}

function Children({ id, day }: { id: string; day: string }) {
	const answer = useAnswer<{ units: UnitRow[] }>(withQuery(`/units/${id}/children`, { as_of: day }));

	return (
		<Answered answer={answer}>
			{({ units }) =>
				units.length === 0 ? (
					<p class="hint">{say('units.none')}</p>
				) : (
					<>
						<ul>
							{[...units].sort(byName).map((unit) => (
								<UnitBranch key={unit.id} unit={unit} day={day} />
							))}
						</ul>
						{units.length === LONGEST && <p class="hint">{say('units.more', { count: LONGEST })}</p>}
					</>
				)
			}
		</Answered>
	);
}
