// SPDX-License-Identifier: Apache-2.0
//
// Rows of a form that can be added and taken away.
import './rows.css';

import type { ComponentChildren } from 'preact';

import { say } from '../words/words';
import { Group, Refused } from './form';

export function Rows<T>({ title, name, rows, fresh, least, onSet, children }: {
	title: string;
	/** The member of the record. */
	name: string;
	rows: T[];
	/** What a new one is. */
	fresh: T;
	/** So many stay. */
	least: number;
	onSet: (rows: T[]) => void;
	/** `at` is what the server calls the row: "names/0/". */
	children: (row: T, set: (changes: Partial<T>) => void, at: string) => ComponentChildren;
}) {
	return (
		<Group title={title}>
			{rows.map((row, i) => {
				const set = (changes: Partial<T>) =>
					onSet(rows.map((other, j) => (j === i ? { ...other, ...changes } : other)));

				return (
					<div key={i} class="form-row" role="group" aria-label={`${title} ${i + 1}`}>
						{children(row, set, `${name}/${i}/`)}
						{rows.length > least && (
							<button
								type="button"
								class="quiet beside-field"
								onClick={() => onSet(rows.filter((_, j) => j !== i))}
							>
								{say('rows.remove')}
								<span class="unseen">: {`${title} ${i + 1}`}</span>
							</button>
						)}
						<Refused name={`${name}/${i}`} />
					</div>
				);
			})}
			<Refused name={name} />
			<p>
				<button type="button" onClick={() => onSet([...rows, fresh])}>
					{say('rows.add')}
					<span class="unseen">: {title}</span>
				</button>
			</p>
		</Group>
	);
}
