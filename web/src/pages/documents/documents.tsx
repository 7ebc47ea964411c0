// SPDX-License-Identifier: Apache-2.0
//
// Documents found as offices know them, by number and symbol; units begin
// their numbers anew every year, so there may be several.
import { withQuery } from '../../api/client';
import { nameOf } from '../../api/laws';
import { mayEver } from '../../api/session';
import type { DocumentRecord } from '../../api/types';
import { Answered } from '../../parts/answered';
import { dayOfDocument } from '../../parts/document-choice';
import { Issuer } from '../../parts/issuer';
import { ReferenceSearch } from '../../parts/reference-search';
import { Title } from '../../parts/title';
import { useAnswer } from '../../parts/use-answer';
import { formatDays } from '../../words/format';
import { say } from '../../words/words';

function Row({ document }: { document: DocumentRecord }) {
	return (
		<tr>
			<td data-label={say('decision.number')}>
				<a href={`/van-ban/${document.id}`}>{document.reference ?? document.id}</a>
			</td>
			<td data-label={say('document.kind')}>{nameOf('document-kinds', document.kind)}</td>
			<td data-label={say('decision.date')}>{document.date && formatDays(document.date)}</td>
			<td data-label={say('decision.subject')}>{document.subject}</td>
			<td data-label={say('decision.issuer')}>
				<Issuer of={document.issuer} day={dayOfDocument(document)} />
			</td>
		</tr>
	);
}

function Found({ reference }: { reference: string }) {
	const answer = useAnswer<{ documents: DocumentRecord[] }>(withQuery('/documents', { reference }));

	return (
		<Answered answer={answer}>
			{({ documents }) =>
				documents.length === 0 ? (
					<p role="status">{say('document.none', { reference })}</p>
				) : (
					<table class="rows">
						<thead>
							<tr>
								<th scope="col">{say('decision.number')}</th>
								<th scope="col">{say('document.kind')}</th>
								<th scope="col">{say('decision.date')}</th>
								<th scope="col">{say('decision.subject')}</th>
								<th scope="col">{say('decision.issuer')}</th>
							</tr>
						</thead>
						<tbody>
							{documents.map((document) => (
								<Row key={document.id} document={document} />
							))}
						</tbody>
					</table>
				)
			}
		</Answered>
	);
}

export default function Documents() {
	return (
		<>
			<Title text={say('documents.title')} />
			{mayEver('document.write') && (
				<p>
					<a class="button" href="/van-ban/moi">
						{say('decide.register')}
					</a>
				</p>
			)}
			<ReferenceSearch label={say('documents.find')}>
				{(reference) => <Found key={reference} reference={reference} />}
			</ReferenceSearch>
		</>
	);
}
