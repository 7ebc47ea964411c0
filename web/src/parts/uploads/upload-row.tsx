// SPDX-License-Identifier: Apache-2.0
//
// One file on its way: how far it is, what became of it, what can be done.
import './uploads.css';

import { useState } from 'preact/hooks';

import { formatSize } from '../../words/format';
import { say, sayCode } from '../../words/words';
import { ProblemBox } from '../problem';
import { cancel, goOn, pause, resume, type Sending } from './uploads';

/** The file that was being sent when the browser was closed. */
function ChooseAgain({ one }: { one: Sending }) {
	const [isOther, setOther] = useState(false);

	return (
		<>
			<p>{say('upload.parted', { name: one.name, size: formatSize(one.size) })}</p>
			{isOther && (
				<p class="wrong" role="alert">
					{say('upload.other', { name: one.name, size: formatSize(one.size) })}
				</p>
			)}
			<label class="button file-button">
				{say('upload.again')}
				<input
					type="file"
					class="unseen"
					aria-label={say('upload.again.of', { name: one.name })}
					onChange={(event) => {
						const file = event.currentTarget.files?.[0];

						if (file) {
							setOther(!goOn(one.id, file));
						}
						event.currentTarget.value = '';
					}}
				/>
			</label>
		</>
	);
}

function Presses({ one }: { one: Sending }) {
	const isMoving = one.state === 'sending' || one.state === 'queued';

	return (
		<p class="presses">
			{isMoving && (
				<button type="button" onClick={() => pause(one.id)} aria-label={say('upload.pause.of', { name: one.name })}>
					{say('upload.pause')}
				</button>
			)}
			{['paused', 'broken', 'refused'].includes(one.state) && (
				<button type="button" onClick={() => resume(one.id)} aria-label={say('upload.resume.of', { name: one.name })}>
					{say('upload.resume')}
				</button>
			)}
			{one.state !== 'adding' && (
				<button
					type="button"
					onClick={() => void cancel(one.id)}
					aria-label={say('upload.cancel.of', { name: one.name })}
				>
					{say('upload.cancel')}
				</button>
			)}
		</p>
	);
}

export function UploadRow({ one }: { one: Sending }) {
	const percent = one.size === 0 ? 100 : Math.floor((100 * one.offset) / one.size);

	return (
		<li class="upload" data-state={one.state}>
			<p class="upload-name">
				<bdi>{one.name}</bdi>
			</p>
			<progress max={one.size || 1} value={one.size ? one.offset : 1} aria-label={say('upload.progress', { name: one.name })} />
			<p>
				<span role="status">
					{sayCode('upload.state', one.state)}
					{one.state === 'broken' && ` ${say('upload.pause.time', { seconds: Math.round((one.pause ?? 0) / 1000) })}`}
				</span>{' '}
				<span class="hint">
					{say('upload.sent', { sent: formatSize(one.offset), size: formatSize(one.size), percent })}
				</span>
			</p>
			{one.state === 'parted' && <ChooseAgain one={one} />}
			{one.problem && one.state === 'refused' && <ProblemBox problem={one.problem} />}
			<Presses one={one} />
		</li>
	);
}
