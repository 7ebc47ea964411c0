// SPDX-License-Identifier: Apache-2.0
//
// A decision: its document, its dossier, and who was awarded what by it, line
// by line; a line that was revoked stays, struck through.
import './decision.css';

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

import { nameOf } from '../../api/laws';
import type { Changed, Decision as DecisionRecord, DocumentRecord, Grant, GrantList, Receipt } from '../../api/types';
import { Answered } from '../../parts/answered';
import { DocumentFiles } from '../../parts/document-files';
import { ReceiptNote } from '../../parts/receipt';
import { Title } from '../../parts/title';
import { UnitLink } from '../../parts/unit-link';
import { type Answer, useAnswer } from '../../parts/use-answer';
import { Whom, whomOf } from '../../parts/whom';
import type { PageProps } from '../../shell/page';
import { formatDay, formatDays, today } from '../../words/format';
import { say } from '../../words/words';
import { RevokeDialog } from './revoke';

const PAGE = 50;

function lastDay(date: DecisionRecord['date']): string {
	return typeof date === 'string' ? date : (date.to ?? today());
}

function Facts({ decision, document }: { decision: DecisionRecord; document: DocumentRecord | undefined }) {
	return (
		<dl class="facts">
			<dt>{say('decision.number')}</dt>
			<dd>
				<a href={`/van-ban/${decision.document}`}>{document?.reference ?? decision.document}</a>
			</dd>
			<dt>{say('decision.date')}</dt>
			<dd>{formatDays(decision.date)}</dd>
			<dt>{say('decision.issuer')}</dt>
			<dd>
				<UnitLink id={decision.issuer} day={lastDay(decision.date)} />
			</dd>
			{document?.subject && (
				<>
					<dt>{say('decision.subject')}</dt>
					<dd>{document.subject}</dd>
				</>
			)}
			{decision.basis && (
				<>
					<dt>{say('decision.basis')}</dt>
					<dd>{decision.basis}</dd>
				</>
			)}
			{decision.dossier && (
				<>
					<dt>{say('decision.dossier')}</dt>
					<dd>
						<a href={`/ho-so/${decision.dossier}`}>{say('decision.dossier.see')}</a>
					</dd>
				</>
			)}
		</dl>
	);
}

/** By what, when and why a line was taken back. */
function Revocation({ revocation }: { revocation: NonNullable<Grant['revocation']> }) {
	const { document, date, reason } = revocation;
	const answer = useAnswer<DocumentRecord>(document ? `/documents/${encodeURIComponent(document)}` : null);
	const by = answer.value?.reference ?? document;

	return (
		<p class="revocation">
			{by ? say('revoke.was-by', { day: formatDay(date), document: by }) : say('revoke.was', { day: formatDay(date) })}{' '}
			{say('timeline.reason', { reason })}
		</p>
	);
}

function Line({ grant, unit, onRevoke }: { grant: Grant; unit: string; onRevoke: (() => void) | undefined }) {
	const isRevoked = grant.state === 'revoked';
	const words = (text: ComponentChildren) => (isRevoked ? <s>{text}</s> : text);

	return (
		<tr>
			<td data-label={say('decision.whom')}>{words(<Whom subject={grant.subject} />)}</td>
			<td data-label={say('decision.award')}>{words(nameOf('awards', grant.award))}</td>
			<td data-label={say('decision.unit')}>{words(unit)}</td>
			<td data-label={say('decision.state')}>
				<span class={`badge badge-${isRevoked ? 'bad' : 'good'}`}>
					{say(isRevoked ? 'decision.revoked' : 'decision.granted')}
				</span>
				{grant.revocation && <Revocation revocation={grant.revocation} />}
				{!isRevoked && onRevoke && (
					<p class="line-press">
						<button
							type="button"
							aria-label={say('revoke.of', { whom: whomOf(grant.subject) })}
							onClick={onRevoke}
						>
							{say('revoke')}
						</button>
					</p>
				)}
			</td>
		</tr>
	);
}

function Lines({ answer, onDone }: { answer: Answer<GrantList>; onDone: (text: string, receipt: Receipt) => void }) {
	const [shown, setShown] = useState(PAGE);
	const [chosen, setChosen] = useState<Grant | null>(null);

	return (
		<section>
			<h2>{say('decision.grants')}</h2>
			<Answered answer={answer}>
				{({ grants, names, revocable }) => (
					<>
						{grants.length === 0 && <p>{say('decision.grants.none')}</p>}
						{grants.length > 0 && (
							<table class="rows">
								<thead>
									<tr>
										<th scope="col">{say('decision.whom')}</th>
										<th scope="col">{say('decision.award')}</th>
										<th scope="col">{say('decision.unit')}</th>
										<th scope="col">{say('decision.state')}</th>
									</tr>
								</thead>
								<tbody>
									{grants.slice(0, shown).map((grant) => (
										<Line
											key={grant.id}
											grant={grant}
											unit={names[grant.unit] ?? grant.unit}
											onRevoke={revocable ? () => setChosen(grant) : undefined}
										/>
									))}
								</tbody>
							</table>
						)}
						{grants.length > shown && (
							<button type="button" onClick={() => setShown(shown + PAGE)}>
								{say('pages.more')}
							</button>
						)}
						{chosen && (
							<RevokeDialog
								grant={chosen}
								onClose={() => setChosen(null)}
								onDone={(answered: Changed<Grant>) =>
									onDone(say('revoke.done', { whom: whomOf(chosen.subject) }), answered.receipt)
								}
							/>
						)}
					</>
				)}
			</Answered>
		</section>
	);
}

export default function Decision({ words }: PageProps) {
	const path = `/decisions/${encodeURIComponent(words['id']!)}`;
	const answer = useAnswer<DecisionRecord>(path);
	const grants = useAnswer<GrantList>(answer.value ? `${path}/grants` : null);
	const document = useAnswer<DocumentRecord>(
		answer.value ? `/documents/${encodeURIComponent(answer.value.document)}` : null,
	);
	const [done, setDone] = useState<{ text: string; receipt: Receipt }>();

	return (
		<>
			{done && <ReceiptNote key={done.receipt.index} text={done.text} receipt={done.receipt} />}
			<Answered answer={answer}>
				{(decision) => (
					<>
						<Title text={say('decision.title', { number: document.value?.reference ?? decision.id })} />
						<Facts decision={decision} document={document.value} />
						{document.value && (
							<section>
								<h2>{say('decision.files')}</h2>
								<DocumentFiles document={document.value} />
							</section>
						)}
						<Lines
							answer={grants}
							onDone={(text, receipt) => {
								setDone({ text, receipt });
								grants.again();
								window.scrollTo(0, 0);
							}}
						/>
					</>
				)}
			</Answered>
		</>
	);
}
