// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';

export const dossier: Page = {
	path: '/ho-so/{id}',
	load: () => import('./dossier'),
};
