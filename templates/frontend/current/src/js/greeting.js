window.greeting = function (name) {
  'use strict';
  return `Hello, ${name.trim() || 'world'}!`;
};
