// SPDX-License-Identifier: Apache-2.0
import { useAnswer } from './use-answer';

/** What somebody is called; the id where that may not be known. */
export function Person({ id }: { id: string }) {
	const answer = useAnswer<{ name: string }>(`/users/${id}/name`);

	return <>{answer.value?.name ?? (answer.problem ? id : '…')}</>;
}
