// SPDX-License-Identifier: Apache-2.0
//
// The decision on a dossier: its document is registered, or found where it was
// registered already, and what the dossier asks for becomes its grants.
import { useState } from 'preact/hooks';

import { nameOf } from '../../api/laws';
import { session } from '../../api/session';
import type { Changed, Decision, DocumentRecord, Dossier, Nexts, Receipt } from '../../api/types';
import { Answered } from '../../parts/answered';
import { DocumentChoice } from '../../parts/document-choice';
import { Form, Group, TextField, Tick } from '../../parts/form';
import type { Kept } from '../../parts/kept';
import { KeptNote } from '../../parts/kept-note';
import { textOf } from '../../parts/merge/merge';
import { ProblemBox } from '../../parts/problem';
import { ReceiptNote } from '../../parts/receipt';
import { Title } from '../../parts/title';
import { UnitChoice } from '../../parts/unit-choice';
import { useAnswer } from '../../parts/use-answer';
import { useChange } from '../../parts/use-change';
import { type Keeping, useKept } from '../../parts/use-kept';
import { whomOf } from '../../parts/whom';
import type { PageProps } from '../../shell/page';
import { say } from '../../words/words';
import { RegisterForm } from './register';

interface Done {
	text: string;
	receipt: Receipt;
}

/** The unit by which this reader decides. */
function issuerOf(document: DocumentRecord, role: string): string {
	return (
		document.issuer?.unit ?? session.value?.roles.find((held) => held.role === role && held.unit)?.unit ?? ''
	);
}

/** What is typed of a decision, until the server has it. */
interface Typed extends Kept {
	/** The id of its document. */
	document: string;
	/** The unit by which it is decided; that of the document where nothing was picked. */
	issuer?: string;
	basis: string;
	/** Those of the dossier's awards that are not granted, each by what it says: the dossier may go on meanwhile. */
	refused?: string[];
}

const undecided = (): Typed => ({ document: '', basis: '', at: 0 });

function DecideForm({ dossier, keeping, document, role, onDone }: {
	dossier: Dossier;
	keeping: Keeping<Typed>;
	document: DocumentRecord;
	role: string;
	onDone: (answer: Changed<Decision>) => void;
}) {
	const change = useChange<Changed<Decision>>();
	const awards = dossier.awards ?? [];
	const { kept } = keeping;
	const { basis } = kept;
	const issuer = kept.issuer ?? issuerOf(document, role);
	const refused = kept.refused ?? [];
	const chosen = awards.filter((proposal) => !refused.includes(textOf(proposal)));

	async function send() {
		const answer = await change.run('POST', '/decisions', {
			document: document.id,
			date: document.date,
			issuer,
			dossier: dossier.id,
			...(basis.trim() !== '' && { basis: basis.trim() }),
			grants: chosen.map(({ award, subject }) => ({ award, subject, unit: subject.unit ?? dossier.unit })),
		});

		if (answer) {
			onDone(answer);
		}
	}

	return (
		<Form
			label={say('decide.title')}
			doing={say('decide.do', { count: chosen.length })}
			isBusy={change.isBusy}
			problem={change.problem}
			onSend={() => void send()}
		>
			<UnitChoice label={say('decision.issuer')} name="issuer" isRequired value={issuer} onPick={(unit) => keeping.set({ issuer: unit })} />
			<TextField
				label={say('decision.basis')}
				name="basis"
				lines={2}
				value={basis}
				onType={(typed) => keeping.set({ basis: typed })}
			/>
			<Group title={say('decide.grants')}>
				{awards.map((proposal, i) => {
					const text = textOf(proposal);
					const others = refused.filter((other) => other !== text);

					return (
						<Tick
							key={i}
							label={`${whomOf(proposal.subject)} – ${nameOf('awards', proposal.award)}`}
							name={`grant-${i}`}
							isOn={!refused.includes(text)}
							onSet={(isOn) => keeping.set({ refused: isOn ? others : [...others, text] })}
						/>
					);
				})}
				{awards.length === 0 && <p>{say('decide.no-awards')}</p>}
			</Group>
		</Form>
	);
}

/** The document first, then what is decided by it. */
function Steps({ dossier, nexts, onDone, onElsewhere }: {
	dossier: Dossier;
	nexts: Nexts;
	onDone: (done: Done) => void;
	/** Sent, or thrown away, in another window. */
	onElsewhere: () => void;
}) {
	const keeping = useKept(`decide/${dossier.id}`, undecided, () => {
		keeping.settle(undecided());
		onElsewhere();
	});
	const id = keeping.kept.document;
	const found = useAnswer<DocumentRecord>(id === '' ? null : `/documents/${encodeURIComponent(id)}`);
	const document = id === '' ? null : (found.value ?? null);
	const [decided, setDecided] = useState('');
	const step = nexts.steps.find(({ act }) => act === 'decision.new');
	const registers = nexts.acts.includes('document.write');

	if (decided !== '') {
		return (
			<p>
				<a class="button main" href={`/quyet-dinh/${decided}`}>
					{say('dossier.decision.see')}
				</a>
			</p>
		);
	}
	if (!step && (!registers || dossier.decision)) {
		return <p class="note note-bad">{say('decide.not-now')}</p>;
	}
	return (
		<>
			<section>
				<h2>{say('decide.document')}</h2>
				<DocumentChoice
					label={say('decide.registered')}
					kind="QĐ"
					hint={say('decide.registered.what')}
					value={document}
					onPick={(picked) => keeping.set({ ...undecided(), document: picked?.id ?? '' })}
				/>
				{found.problem && id !== '' && <ProblemBox problem={found.problem} />}
				{registers && !document && (
					<details>
						<summary>{say('decide.register')}</summary>
						<RegisterForm
							dossier={dossier.id}
							onDone={(answer) => {
								keeping.set({ document: answer.id });
								onDone({
									text: say(step ? 'decide.registered.done' : 'decide.registered.hand-on', {
										number: answer.record.reference ?? answer.id,
									}),
									receipt: answer.receipt,
								});
							}}
						/>
					</details>
				)}
			</section>
			{step && document && (
				<section>
					<h2>{say('decide.what')}</h2>
					<KeptNote keeping={keeping} onDiscard={() => keeping.settle(undecided())} />
					<DecideForm
						dossier={dossier}
						keeping={keeping}
						document={document}
						role={step.role}
						onDone={(answer) => {
							keeping.settle(undecided());
							setDecided(answer.id);
							onDone({ text: say('decide.done'), receipt: answer.receipt });
						}}
					/>
				</section>
			)}
		</>
	);
}

export default function Decide({ words }: PageProps) {
	const path = `/dossiers/${encodeURIComponent(words['id']!)}`;
	const dossier = useAnswer<Dossier>(path);
	const nexts = useAnswer<Nexts>(`${path}/next`);
	const [done, setDone] = useState<Done>();

	return (
		<>
			<Title text={say('decide.title')} />
			{done && <ReceiptNote key={done.receipt.index} text={done.text} receipt={done.receipt} />}
			<Answered answer={dossier}>
				{(record) => (
					<>
						<p>
							<a href={`/ho-so/${record.id}`}>{record.title}</a>
						</p>
						<Answered answer={nexts}>
							{(may) => (
								<Steps
									dossier={record}
									nexts={may}
									onElsewhere={() => {
										dossier.again();
										nexts.again();
									}}
									onDone={(what) => {
										setDone(what);
										window.scrollTo(0, 0);
									}}
								/>
							)}
						</Answered>
					</>
				)}
			</Answered>
		</>
	);
}
