// SPDX-License-Identifier: Apache-2.0
//
// The field of a form for files of any size.
import { say } from '../../words/words';
import { FilePlace } from './file-place';
import { UploadRow } from './upload-row';
import { addFile } from './uploads';
import type { Files } from './use-files';

export function FilesField({ label, hint, files, isOne }: {
	label: string;
	hint: string;
	files: Files;
	/** One file alone: it is no longer asked for when there is one. */
	isOne?: boolean;
}) {
	return (
		<fieldset class="group files-field">
			<legend>{label}</legend>
			<ul class="plain">
				{files.coming.map((one) => (
					<UploadRow key={one.id} one={one} />
				))}
			</ul>
			{!(isOne && files.coming.length > 0) && (
				<FilePlace
					label={say('file.choose.of', { name: label })}
					isOne={isOne ?? false}
					onFiles={(chosen) => chosen.forEach((file) => addFile(files.place, file))}
				/>
			)}
			{files.isEarly && (
				<p class="wrong" role="alert">
					{say('file.early')}
				</p>
			)}
			<p class="hint">{hint}</p>
		</fieldset>
	);
}
