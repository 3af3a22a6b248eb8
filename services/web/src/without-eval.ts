import { z } from 'zod';

// Before any schema is made: zod would try whether it may make functions of text, which the page's content security policy reports.
z.config({ jitless: true });
