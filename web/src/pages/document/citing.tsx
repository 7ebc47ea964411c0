// SPDX-License-Identifier: Apache-2.0
//
// Who cites a document: those that name it, and those that know its number.
import { Fragment } from 'preact';

import type { CitingList, CitingRow } from '../../api/types';
import { Answered } from '../../parts/answered';
import { textOfDocument } from '../../parts/document-choice';
import { MoreButton, usePages } from '../../parts/pages';
import { say, sayCode } from '../../words/words';

function Row({ row }: { row: CitingRow }) {
	const relations = new Set(row.citations.map(({ relation }) => relation));
	const isNamed = row.citations.some(({ document }) => document);
	const told = [row.issuer_name, ...row.citations.map(({ note }) => note), !isNamed && say('document.citing.number')];

	return (
		<li class="citation">
			{[...relations].map((relation) => (
				<Fragment key={relation}>
					<span class="badge badge-open">{sayCode('citation', relation)}</span>{' '}
				</Fragment>
			))}
			<a href={`/van-ban/${row.id}`}>{textOfDocument(row)}</a>{' '}
			<span class="hint">{told.filter(Boolean).join(' · ')}</span>
		</li>
	);
}

/** Nothing where nobody cites it. */
export function Citing({ path }: { path: string }) {
	const list = usePages<CitingList>(`${path}/citing?limit=20`);
	const rows = list.pages.flatMap((page) => page.documents);
	const hidden = list.pages.reduce((sum, page) => sum + (page.hidden ?? 0), 0);

	return (
		<Answered answer={list.answer}>
			{(shown) =>
				rows.length + hidden === 0 && !shown.next ? null : (
					<section>
						<h2>{say('document.citing')}</h2>
						<ul class="plain">
							{rows.map((row) => (
								<Row key={row.id} row={row} />
							))}
						</ul>
						{rows.length === 0 && shown.next && <p>{say('document.citing.none-yet')}</p>}
						{hidden > 0 && <p class="hint">{say('document.citing.hidden', { count: hidden })}</p>}
						<MoreButton list={list} last={shown} />
					</section>
				)
			}
		</Answered>
	);
}
