// SPDX-License-Identifier: Apache-2.0
//
// What must be in the dossier, what is in it, and what is on its way into it.
import { useEffect, useState } from 'preact/hooks';

import { addressOf, get } from '../../api/client';
import { nameOf, rowOf, rowsOf } from '../../api/laws';
import type { Changed, Demands, Dossier, Missing } from '../../api/types';
import { Waiting } from '../../parts/answered';
import { Confirm } from '../../parts/dialog';
import { Choice } from '../../parts/form';
import { ProblemBox } from '../../parts/problem';
import { FilePlace } from '../../parts/uploads/file-place';
import { UploadRow } from '../../parts/uploads/upload-row';
import { addFile, uploadsFor } from '../../parts/uploads/uploads';
import { useUploads } from '../../parts/uploads/use-files';
import { type Answer, problemOf, useAnswer } from '../../parts/use-answer';
import { useChange } from '../../parts/use-change';
import { formatSize } from '../../words/format';
import { say } from '../../words/words';
import { nameOfDemand, useDemands } from './demands';
import { type Fields, fieldsOf } from './fields';
import { placeOf } from './taking';

type Component = NonNullable<Dossier['components']>[number];

/** One that is demanded, or of which something is there. */
interface Paper {
	codes: string[];
	name: string;
	/** Which rules demand it. */
	reasons: string[];
	isMissing: boolean;
}

/** Joins what the awards demand: a component of several is one paper. */
function papersOf(asked: Demands[], missing: Missing[]): Paper[] {
	const papers = new Map<string, Paper>();

	for (const { set_name, source, demands } of asked) {
		for (const demand of demands) {
			const codes = [demand, ...(demand.or ?? [])].map((one) => one.code);
			const key = codes.join();
			const reason = say('making.reason', { set: set_name ?? '', source });
			const paper = papers.get(key) ?? {
				codes,
				name: nameOfDemand(demand),
				reasons: [],
				isMissing: missing.some((one) => one.code === demand.code),
			};

			if (!paper.reasons.includes(reason)) {
				paper.reasons.push(reason);
			}
			papers.set(key, paper);
		}
	}
	return [...papers.values()];
}

/** Takes a component out of what is the newest list. */
function RemoveDialog({ path, component, onDone, onClose }: {
	path: string;
	component: Component;
	onDone: (changed: Changed<Dossier>) => void;
	onClose: () => void;
}) {
	const change = useChange<Changed<Dossier>>();
	const [problem, setProblem] = useState<ReturnType<typeof problemOf>>();

	async function remove() {
		setProblem(undefined);
		try {
			const now = await get<Dossier>(path);
			const at = (now.components ?? []).findIndex(
				(other) => other.code === component.code && other.attachment.sha256 === component.attachment.sha256,
			);
			const components = (now.components ?? []).filter((_, i) => i !== at);
			const done = await change.run('PATCH', path, { components }, now.rev);

			if (done) {
				onDone(done);
				onClose();
			}
		} catch (thrown) {
			setProblem(problemOf(thrown));
		}
	}

	return (
		<Confirm
			title={say('making.remove.title', { name: component.attachment.name })}
			doing={say('making.remove')}
			isBusy={change.isBusy}
			problem={problem ?? change.problem}
			onDo={() => void remove()}
			onClose={onClose}
		>
			<p>{say('making.remove.what')}</p>
		</Confirm>
	);
}

function FileRow({ component, path, onRemove }: {
	component: Component;
	path: string;
	onRemove: (() => void) | undefined;
}) {
	const { name, size, sha256 } = component.attachment;

	return (
		<li class="upload">
			<div class="paper-head">
				<p class="upload-name">
					<a href={addressOf(`${path}/files/${sha256}`)} download>
						<bdi>{name}</bdi>
					</a>{' '}
					<span class="hint">{formatSize(size)}</span>
				</p>
				{onRemove && (
					<button type="button" onClick={onRemove} aria-label={say('making.remove.of', { name })}>
						{say('making.remove')}
					</button>
				)}
			</div>
		</li>
	);
}

function CodeChoice({ label, codes, value, onPick }: {
	label: string;
	codes: string[];
	value: string;
	onPick: (code: string) => void;
}) {
	return (
		<Choice
			label={label}
			name="component"
			value={value}
			options={codes.map((code) => ({ value: code, text: nameOf('components', code) }))}
			onPick={onPick}
		/>
	);
}

function PaperBox({ paper, dossier, path, onRemove }: {
	paper: Paper;
	dossier: Dossier;
	path: string;
	onRemove: ((component: Component) => void) | undefined;
}) {
	const [code, setCode] = useState(paper.codes[0]!);
	const files = (dossier.components ?? []).filter((component) => paper.codes.includes(component.code));
	const coming = paper.codes.flatMap((one) => uploadsFor(placeOf(dossier.id, one)));

	return (
		<li class="paper" data-code={paper.codes[0]}>
			<div class="paper-head">
				<h3>{paper.name}</h3>
				{paper.reasons.length > 0 && (
					<span class={`badge badge-${paper.isMissing ? 'bad' : 'good'}`}>
						{say(paper.isMissing ? 'making.missing' : 'making.there')}
					</span>
				)}
			</div>
			{paper.reasons.map((reason) => (
				<p key={reason} class="hint">
					{reason}
				</p>
			))}
			{paper.codes.some((one) => rowOf('components', one)?.per === 'subject') && (
				<p class="hint">{say('making.per-subject')}</p>
			)}
			<ul class="plain">
				{files.map((component, i) => (
					<FileRow key={i} component={component} path={path} onRemove={onRemove && (() => onRemove(component))} />
				))}
				{coming.map((one) => (
					<UploadRow key={one.id} one={one} />
				))}
			</ul>
			{paper.codes.length > 1 && (
				<CodeChoice label={say('making.which')} codes={paper.codes} value={code} onPick={setCode} />
			)}
			<FilePlace
				label={say('file.choose.of', { name: paper.name })}
				onFiles={(files) => files.forEach((file) => addFile(placeOf(dossier.id, code), file))}
			/>
		</li>
	);
}

/** Each award asks once; what they demand is joined above. */
function AskDemands({ award, fields, onAsked }: {
	award: string;
	fields: Fields;
	onAsked: (award: string, answer: Answer<Demands>) => void;
}) {
	const answer = useDemands(award, fields);

	useEffect(() => onAsked(award, answer), [answer.value, answer.problem]);
	return null;
}

/** Any other component of the catalogue. */
function OtherPapers({ taken, dossier, path, onRemove }: {
	taken: string[];
	dossier: Dossier;
	path: string;
	onRemove: ((component: Component) => void) | undefined;
}) {
	const codes = rowsOf('components').flatMap(({ code }) => (code && !taken.includes(code) ? [code] : []));
	const [code, setCode] = useState('C_KHAC');
	const held = codes.filter(
		(one) =>
			dossier.components?.some((component) => component.code === one) ||
			uploadsFor(placeOf(dossier.id, one)).length > 0,
	);

	return (
		<>
			<ul class="plain">
				{held.map((one) => (
					<PaperBox
						key={one}
						paper={{ codes: [one], name: nameOf('components', one), reasons: [], isMissing: false }}
						dossier={dossier}
						path={path}
						onRemove={onRemove}
					/>
				))}
			</ul>
			<section class="paper">
				<h3>{say('making.other')}</h3>
				<CodeChoice label={say('making.other.which')} codes={codes} value={code} onPick={setCode} />
				<FilePlace
					label={say('file.choose.of', { name: nameOf('components', code) })}
					onFiles={(files) => files.forEach((file) => addFile(placeOf(dossier.id, code), file))}
				/>
			</section>
		</>
	);
}

/** By the record as the server has it: that is what it judges. */
export function PapersStep({ dossier, path, mayRemove, onChanged }: {
	dossier: Dossier;
	path: string;
	mayRemove: boolean;
	onChanged: (changed: Changed<Dossier>) => void;
}) {
	const [asked, setAsked] = useState<Record<string, Answer<Demands>>>({});
	const [removed, setRemoved] = useState<Component>();
	const missing = useAnswer<{ missing: Missing[] }>(`${path}/missing`);
	const fields = fieldsOf(dossier);
	const awards = [...new Set(fields.awards.map((proposal) => proposal.award))];
	const papers = missing.value
		? papersOf(
				awards.flatMap((award) => asked[award]?.value ?? []),
				missing.value.missing,
			)
		: [];
	const problem = awards.map((award) => asked[award]).find((answer) => answer?.problem);
	const onRemove = mayRemove ? setRemoved : undefined;

	useEffect(() => missing.again(), [dossier.rev]);
	useUploads();
	return (
		<>
			{awards.map((award) => (
				<AskDemands
					key={award}
					award={award}
					fields={fields}
					onAsked={(of, answer) => setAsked((before) => ({ ...before, [of]: answer }))}
				/>
			))}
			{awards.length === 0 && <p class="note">{say('making.papers.no-awards')}</p>}
			{problem?.problem && <ProblemBox problem={problem.problem} again={problem.again} />}
			{missing.problem && <ProblemBox problem={missing.problem} again={missing.again} />}
			<p class="hint">{say('making.papers.what')}</p>
			{!missing.problem && !problem && (!missing.value || awards.some((award) => !asked[award]?.value)) && <Waiting />}
			<ul class="plain">
				{papers.map((paper) => (
					<PaperBox key={paper.codes.join()} paper={paper} dossier={dossier} path={path} onRemove={onRemove} />
				))}
			</ul>
			<OtherPapers
				taken={papers.flatMap((paper) => paper.codes)}
				dossier={dossier}
				path={path}
				onRemove={onRemove}
			/>
			{removed && (
				<RemoveDialog
					path={path}
					component={removed}
					onDone={onChanged}
					onClose={() => setRemoved(undefined)}
				/>
			)}
		</>
	);
}
