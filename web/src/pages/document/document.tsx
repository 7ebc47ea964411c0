// SPDX-License-Identifier: Apache-2.0
//
// One document: what it is, who issued and signed it, its files, what it
// rests on, what rests on it, and what proves it.
import './document.css';

import { Fragment } from 'preact';

import { nameOf } from '../../api/laws';
import { mayEver } from '../../api/session';
import type { Citation, DecisionRow, DocumentRecord, Nexts } from '../../api/types';
import { Answered } from '../../parts/answered';
import { dayOfDocument, nameOfDocument } from '../../parts/document-choice';
import { DocumentFiles } from '../../parts/document-files';
import { Issuer } from '../../parts/issuer';
import { PrintButton } from '../../parts/print-button';
import { Title } from '../../parts/title';
import { TrailFold } from '../../parts/trail/trail';
import { useAnswer } from '../../parts/use-answer';
import type { PageProps } from '../../shell/page';
import { formatDays } from '../../words/format';
import { say, type Word } from '../../words/words';
import { Citing } from './citing';
import { CitationText, RecipientText, signerText } from './texts';

/** Rows of what is there; what is not has none. */
function Facts({ document }: { document: DocumentRecord }) {
	const rows: [Word, preact.ComponentChildren][] = [
		['decision.number', document.reference],
		['document.kind', nameOf('document-kinds', document.kind)],
		['decision.subject', document.subject],
		['decision.date', document.date && formatDays(document.date)],
		['decision.issuer', document.issuer && <Issuer of={document.issuer} day={dayOfDocument(document)} />],
		['document.signer', document.signer && signerText(document.signer)],
		['document.place', document.place],
		['document.addressee', document.addressee],
		[
			'document.recipients',
			document.recipients?.length && (
				<ul class="plain">
					{document.recipients.map((recipient, i) => (
						<li key={i}>
							<RecipientText recipient={recipient} />
						</li>
					))}
				</ul>
			),
		],
	];

	return (
		<dl class="facts">
			{rows.map(([word, value]) =>
				value ? (
					<Fragment key={word}>
						<dt>{say(word)}</dt>
						<dd>{value}</dd>
					</Fragment>
				) : null,
			)}
		</dl>
	);
}

function Citations({ citations }: { citations: Citation[] }) {
	return (
		<section>
			<h2>{say('document.citations')}</h2>
			<ul class="plain">
				{citations.map((citation, i) => (
					<li key={i} class="citation">
						<CitationText citation={citation} />
					</li>
				))}
			</ul>
		</section>
	);
}

function Decisions({ path }: { path: string }) {
	const answer = useAnswer<{ decisions: DecisionRow[] }>(`${path}/decisions`);

	return (
		<Answered answer={answer}>
			{({ decisions }) =>
				decisions.length === 0 ? null : (
					<section>
						<h2>{say('document.decisions')}</h2>
						<ul class="plain">
							{decisions.map((row) => (
								<li key={row.id} class="citation">
									<a href={`/quyet-dinh/${row.id}`}>
										{say('decision.title', { number: row.reference ?? row.id })}
									</a>{' '}
									<span class="hint">
										{formatDays(row.date)} · {row.issuer_name ?? row.issuer}
									</span>
									{row.dossier && (
										<>
											{' · '}
											<a href={`/ho-so/${row.dossier}`}>{say('decision.dossier.see')}</a>
										</>
									)}
								</li>
							))}
						</ul>
					</section>
				)
			}
		</Answered>
	);
}

export default function Document({ words }: PageProps) {
	const path = `/documents/${encodeURIComponent(words['id']!)}`;
	const answer = useAnswer<DocumentRecord>(path);
	const nexts = useAnswer<Pick<Nexts, 'acts' | 'rev'>>(answer.value ? `${path}/next` : null);

	return (
		<Answered answer={answer}>
			{(document) => (
				<>
					<Title text={nameOfDocument(document)} />
					<Facts document={document} />
					{nexts.value?.acts.includes('document.write') && (
						<p class="unprinted">
							<a class="button" href={`/van-ban/${document.id}/sua`}>
								{say('document.edit')}
							</a>
						</p>
					)}
					<section>
						<h2>{say('document.files')}</h2>
						<DocumentFiles document={document} />
					</section>
					{document.citations && document.citations.length > 0 && <Citations citations={document.citations} />}
					<Citing key={path} path={path} />
					{mayEver('decision.read') && <Decisions path={path} />}
					<TrailFold path={path} />
					<PrintButton />
				</>
			)}
		</Answered>
	);
}
