// SPDX-License-Identifier: Apache-2.0
//
// A dossier in the making, step by step.  What is typed is kept in the browser
// at once and sent when a step is left; who changed the dossier meanwhile is
// not overwritten.
import './making.css';

import { useEffect, useRef, useState } from 'preact/hooks';

import { get } from '../../api/client';
import { nameOf, rowOf } from '../../api/laws';
import type { Changed, Dossier, Nexts, Receipt } from '../../api/types';
import { Answered, Waiting } from '../../parts/answered';
import { Form } from '../../parts/form';
import { isSame, linesOf } from '../../parts/merge/merge';
import { ProblemBox } from '../../parts/problem';
import { ReceiptNote } from '../../parts/receipt';
import { Title } from '../../parts/title';
import { type Answer, problemOf, useAnswer } from '../../parts/use-answer';
import { useChange } from '../../parts/use-change';
import { useKept } from '../../parts/use-kept';
import { go, query } from '../../shell/address';
import type { PageProps } from '../../shell/page';
import { formatTime } from '../../words/format';
import { say, sayCode } from '../../words/words';
import { AwardsStep } from './awards';
import type { Keeping, Kept } from './drafts';
import { changesOf, type Fields, fieldsOf, hasChanges } from './fields';
import { GeneralFields } from './general';
import { HandInStep } from './hand-in';
import { partsOf } from './merge';
import { MergeDossier } from './merge-view';
import { PapersStep } from './papers';
import { added } from './taking';

const stages = ['chung', 'de-nghi', 'thanh-phan', 'trinh'] as const;
type Stage = (typeof stages)[number];

/** What the reader may do with its contents: "change", "add" or "none". */
function opennessOf(dossier: Dossier, next: Nexts): string {
	return (next.acts.includes('dossier.edit') && rowOf('dossier-statuses', dossier.status)?.components) || 'none';
}

function addressOfStage(id: string, stage: Stage): string {
	return `/ho-so/${id}/sua?buoc=${stage}`;
}

function Stages({ id, shown, allowed }: { id: string; shown: Stage; allowed: readonly Stage[] }) {
	return (
		<ol class="stages" aria-label={say('making.stages')}>
			{allowed.map((stage) => (
				<li key={stage}>
					<a href={addressOfStage(id, stage)} aria-current={stage === shown ? 'step' : undefined}>
						{sayCode('making.stage', stage)}
					</a>
				</li>
			))}
		</ol>
	);
}

/**
 * The record as it is now, beside what is typed here.  What does not touch is
 * taken over in silence; else the other's record is what must be merged.
 */
function meet(keeping: Keeping, now: Dossier): Dossier | undefined {
	const kept = keeping.latest();
	const was = kept.base?.fields ?? fieldsOf(now);
	const theirs = fieldsOf(now);
	const base = { rev: now.rev, fields: theirs };

	if (!hasChanges(theirs, kept.fields) || !hasChanges(was, kept.fields)) {
		if (kept.candidate?.proposal.subject.name) {
			keeping.set({ fields: theirs, base });
		} else {
			keeping.settle({ fields: theirs, base, at: 0 });
		}
		return undefined;
	}
	if (!hasChanges(theirs, was) || (kept.sent && !hasChanges(theirs, kept.sent))) {
		keeping.set({ base, sent: undefined }); // theirs is what was, or what I sent
		return undefined;
	}
	return linesOf(partsOf(was), partsOf(kept.fields), partsOf(theirs)).length > 0 ? now : undefined;
}

/** Where a reader is put who came from another step, which `shown` counts. */
function StageTitle({ stage, shown }: { stage: Stage; shown: { current: number } }) {
	const heading = useRef<HTMLHeadingElement>(null);

	useEffect(() => {
		if (shown.current++ > 0) {
			heading.current?.focus({ preventScroll: true });
		}
	}, []);
	return (
		<h2 ref={heading} tabIndex={-1}>
			{sayCode('making.stage', stage)}
		</h2>
	);
}

/** What was typed here of a dossier that has gone on without it. */
function LeftNote({ onDiscard }: { onDiscard: () => void }) {
	return (
		<div class="note note-bad">
			<p>{say('making.left')}</p>
			<p>
				<button type="button" onClick={onDiscard}>
					{say('making.discard')}
				</button>
			</p>
		</div>
	);
}

function KeptNote({ keeping, isKept }: { keeping: Keeping; isKept: boolean }) {
	if (keeping.isAtRisk) {
		return <p class="note note-bad">{say('making.at-risk')}</p>;
	}
	return (
		<p class="hint kept" role="status">
			{isKept
				? say('making.kept', { time: formatTime(keeping.kept.at * 1000) })
				: say('making.saved', { rev: keeping.kept.base?.rev ?? 1 })}
		</p>
	);
}

function Editor({ loaded, next, path }: { loaded: Dossier; next: Answer<Nexts>; path: string }) {
	const keeping = useKept<Kept>(
		loaded.id,
		() => ({
			fields: fieldsOf(loaded),
			base: { rev: loaded.rev, fields: fieldsOf(loaded) },
			at: 0,
		}),
		() => void lookAgain(false), // what another window has sent is there now
	);
	const [record, setRecord] = useState(loaded);
	const [other, setOther] = useState<Dossier>();
	const [receipt, setReceipt] = useState<{ text: string; receipt: Receipt }>();
	const [lost, setLost] = useState<ReturnType<typeof problemOf>>();
	const change = useChange<Changed<Dossier>>();
	const stagesShown = useRef(0);
	const { kept } = keeping;
	const may = next.value!;
	const openness = opennessOf(record, may);
	const allowed = openness === 'change' ? stages : openness === 'add' ? stages.slice(2, 3) : stages.slice(3);
	const wanted = query('buoc') as Stage;
	const stage = allowed.includes(wanted) ? wanted : allowed[0]!;
	const hasTyped = hasChanges(kept.base?.fields ?? fieldsOf(record), kept.fields);
	const isDirty = openness === 'change' && hasTyped;
	const isTyping = openness === 'change' && (kept.candidate?.proposal.subject.name ?? '') !== '';

	function settleWith(now: Dossier) {
		keeping.settle({ fields: fieldsOf(now), base: { rev: now.rev, fields: fieldsOf(now) }, at: 0 });
	}

	function take(now: Dossier): boolean {
		// What cannot be sent any more has nothing to be merged with.
		const clash = opennessOf(now, may) === 'change' ? meet(keeping, now) : undefined;

		setRecord(now);
		setOther(clash);
		return clash === undefined;
	}

	function onChanged(changed: Changed<Dossier>, text: string) {
		take(changed.record);
		setReceipt({ text, receipt: changed.receipt });
	}

	/** Sends what was changed; true where nothing is left to be sent. */
	async function save(): Promise<boolean> {
		const { base, fields } = keeping.latest();
		const was = base?.fields ?? fieldsOf(record);

		if (!hasChanges(was, fields)) {
			return true;
		}
		keeping.set({ sent: fields });
		const done = await change.run('PATCH', path, changesOf(was, fields), base?.rev ?? record.rev);

		if (!done) {
			return false;
		}
		const typed = keeping.latest().fields;
		const now = fieldsOf(done.record);

		if (isSame(typed, fields)) {
			keeping.set({ fields: now, base: { rev: done.rev, fields: now } });
		} else {
			keeping.set({ base: { rev: done.rev, fields: now }, sent: undefined }); // typed on meanwhile
		}
		return take(done.record);
	}

	async function saveAndGo() {
		const next = allowed[allowed.indexOf(stage) + 1];

		if ((await save()) && next) {
			go(addressOfStage(record.id, next));
		}
	}

	/** After 412: what was pressed is done, unless there is something to choose. */

	async function lookAgain(hasPressed: boolean) {
		try {
			const isFine = take(await get<Dossier>(path));

			setLost(undefined);
			change.reset();
			if (isFine && hasPressed) {
				await saveAndGo();
			}
		} catch (thrown) {
			setLost(problemOf(thrown));
		}
	}

	useEffect(() => {
		take(loaded);
	}, []);
	useEffect(() => {
		if (record.rev !== may.rev) {
			next.again();
		}
	}, [record.rev]);
	useEffect(() => {
		if (change.problem?.status === 412) {
			void lookAgain(true);
		}
	}, [change.problem]);
	useEffect(() => {
		if (added.value?.id === record.id) {
			onChanged(added.value, say('making.component.added'));
		}
	}, [added.value]);

	const refused = change.problem?.status === 412 ? undefined : change.problem;

	return (
		<>
			<Title text={say('making.edit.title', { title: record.title })} />
			<p>
				<a href={`/ho-so/${record.id}`}>{say('making.to-dossier')}</a>
			</p>
			{receipt && <ReceiptNote text={receipt.text} receipt={receipt.receipt} />}
			{lost && <ProblemBox problem={lost} again={() => void lookAgain(true)} />}
			{other ? (
				<MergeDossier
					key={other.rev}
					was={kept.base?.fields ?? fieldsOf(other)}
					mine={kept.fields}
					other={other}
					isBusy={change.isBusy}
					onMerged={(merged) => {
						keeping.set({ fields: merged, base: { rev: other.rev, fields: fieldsOf(other) } });
						setOther(undefined);
						void save();
					}}
				/>
			) : (
				<>
					<Stages id={record.id} shown={stage} allowed={allowed} />
					<StageTitle key={stage} stage={stage} shown={stagesShown} />
					{openness === 'change' ? (
						<KeptNote keeping={keeping} isKept={isDirty || isTyping} />
					) : (
						hasTyped && <LeftNote onDiscard={() => settleWith(record)} />
					)}
					{stage === 'chung' && (
						<Form
							label={sayCode('making.stage', stage)}
							doing={say(isDirty ? 'making.save' : 'making.go-on')}
							isBusy={change.isBusy}
							problem={refused}
							onSend={() => void saveAndGo()}
						>
							<GeneralFields
								fields={kept.fields}
								onType={(changes: Partial<Fields>) =>
									keeping.set({ fields: { ...keeping.latest().fields, ...changes } })
								}
							/>
						</Form>
					)}
					{stage === 'de-nghi' && (
						<>
							<AwardsStep kept={kept} onSet={keeping.set} />
							<Form
								doing={say(isDirty ? 'making.save' : 'making.go-on')}
								isBusy={change.isBusy}
								problem={refused}
								onSend={() => void saveAndGo()}
							>
								{kept.candidate?.proposal.subject.name && (
									<p class="note">
										{say('making.candidate.waits', { name: kept.candidate.proposal.subject.name })}
									</p>
								)}
							</Form>
						</>
					)}
					{stage === 'thanh-phan' && (
						<>
							{isDirty && <p class="note">{say('making.papers.unsaved')}</p>}
							<PapersStep
								dossier={record}
								path={path}
								mayRemove={openness === 'change'}
								onChanged={(changed) => onChanged(changed, say('making.component.removed'))}
							/>
							{openness === 'change' && (
								<Form
									doing={say(isDirty ? 'making.save' : 'making.go-on')}
									isBusy={change.isBusy}
									problem={refused}
									onSend={() => void saveAndGo()}
								>
									{null}
								</Form>
							)}
						</>
					)}
					{stage === 'trinh' && (
						<>
							{openness !== 'change' && record.status === 'returned' && (
								<p class="note note-bad">
									{say('making.returned', { reason: record.steps.at(-1)?.reason ?? '' })}
								</p>
							)}
							{isDirty && (
								<Form
									doing={say('making.save.only')}
									isBusy={change.isBusy}
									problem={refused}
									onSend={() => void save()}
								>
									{null}
								</Form>
							)}
							<HandInStep
								dossier={record}
								next={may}
								path={path}
								isSaved={!isDirty}
								onChanged={(changed) => {
									const status = nameOf('dossier-statuses', changed.record.status);

									if (opennessOf(changed.record, may) !== 'change') {
										settleWith(changed.record); // filed: nothing is kept of it
									}
									onChanged(changed, say('making.step.done', { status }));
								}}
								onRefused={() => void lookAgain(false)}
							/>
						</>
					)}
				</>
			)}
		</>
	);
}

export default function Edit({ words }: PageProps) {
	const path = `/dossiers/${encodeURIComponent(words['id']!)}`;
	const answer = useAnswer<Dossier>(path);
	const next = useAnswer<Nexts>(`${path}/next`);
	const statuses = rowOf('dossier-statuses', 'draft');

	return (
		<Answered answer={answer}>
			{(dossier) =>
				next.value ? (
					// A later question that fails takes nothing from the screen.
					statuses ? <Editor loaded={dossier} next={next} path={path} /> : <Waiting />
				) : (
					<Answered answer={next}>{() => null}</Answered>
				)
			}
		</Answered>
	);
}
